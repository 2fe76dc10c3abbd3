package transform

import (
	"slices"
	"testing"
)

func TestNugetOf(t *testing.T) {
	for name, want := range map[string]nugetKind{
		"newtonsoft.json":                                          nugetManaged,
		"Newtonsoft.JsonFake":                                      nugetUnknown,
		"Microsoft.EntityFrameworkCore.Relational":                 nugetManaged,
		"Microsoft.EntityFrameworkCore.Sqlite":                     nugetCarries,
		"Microsoft.EntityFrameworkCore.SqlServer.NetTopologySuite": nugetCulture,
		"System.Text.Json":                                         nugetManaged,
		"System.Drawing.Common":                                    nugetNative,
		"System.Drawing.Primitives":                                nugetManaged,
		"SkiaSharp.NativeAssets.Linux.NoDependencies":              nugetNative,
		"System.Diagnostics.Process":                               nugetStarts,
		"Grpc.Core.Api":                                            nugetManaged,
		"Grpc.Core":                                                nugetNative,
		"Acme":                                                     nugetUnknown,
		"":                                                         nugetUnknown,
	} {
		if got := nugetOf(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

// A name in two rows would be decided by their order.
func TestNugetNamesAreListedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range nugetTable() {
		for _, name := range words(row.names) {
			if seen[name] {
				t.Errorf("%s is listed twice", name)
			}
			seen[name] = true
		}
	}
}

func TestDotnetOptions(t *testing.T) {
	for text, want := range map[string]struct {
		runtimes []string
		bundles  bool
	}{
		"dotnet publish a.csproj -c Release -o /out":                       {nil, false},
		"dotnet publish -r linux-musl-x64 --self-contained":                {[]string{"linux-musl-x64"}, true},
		"dotnet publish --runtime=linux-x64 --self-contained false":        {[]string{"linux-x64"}, false},
		"dotnet publish -a $TARGETARCH --no-self-contained":                {[]string{"linux-$TARGETARCH"}, false},
		"dotnet publish -p:PublishAot=true /p:RuntimeIdentifier=linux-x64": {[]string{"linux-x64"}, true},
		"dotnet publish -p:PublishTrimmed=false /p:UseAppHost=false":       {nil, false},
		"dotnet publish -p RuntimeIdentifier=linux-arm64":                  {[]string{"linux-arm64"}, false},
	} {
		d, list := &dotnetProgram{}, words(text)
		for i, w := range list {
			d.option(w, append(list, "")[i+1])
		}
		if !slices.Equal(d.runtimes, want.runtimes) || (d.bundles != "") != want.bundles {
			t.Errorf("%s: %v %q", text, d.runtimes, d.bundles)
		}
	}
}
