/* tally WORD...   counts words; each has a file of its own in the working directory */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long count(const char *word)
{
	char file[300];
	long n = 0;
	FILE *f;

	snprintf(file, sizeof file, "%s.count", word);
	f = fopen(file, "r");
	if (f) {
		if (fscanf(f, "%ld", &n) != 1)
			n = 0;
		fclose(f);
	}
	f = fopen(file, "w");
	if (!f) {
		perror(file);
		exit(1);
	}
	fprintf(f, "%ld\n", ++n);
	fclose(f);
	return n;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strchr(argv[i], '/') || strlen(argv[i]) > 255) {
			fprintf(stderr, "tally: not a word: %s\n", argv[i]);
			return 2;
		}
		printf("%s %ld\n", argv[i], count(argv[i]));
	}
	return 0;
}
