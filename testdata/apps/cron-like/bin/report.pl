#!/usr/bin/perl
# report.pl FOLDER    counts what the access logs in the folder say
use strict;
use warnings;

my $folder = shift or die "usage: report.pl FOLDER\n";
my (%hits, $bytes);
for my $file (sort glob "$folder/*.log") {
    open my $in, '<', $file or die "$file: $!\n";
    while (<$in>) {
        my ($path, $size) = /"GET (\S+) [^"]*" \d+ (\d+)/ or next;
        $hits{$path}++;
        $bytes += $size;
    }
}
printf "%-12s %d\n", $_, $hits{$_} for sort { $hits{$b} <=> $hits{$a} || $a cmp $b } keys %hits;
printf "%d bytes\n", $bytes // 0;
