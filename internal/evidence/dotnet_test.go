package evidence

import (
	"testing"
	"testing/fstest"
)

const dotnetTree = `
-- src/Shop/Shop.csproj --
<?xml version="1.0" encoding="utf-8"?>
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFrameworks>net8.0; net9.0</TargetFrameworks>
    <AssemblyName>Acme.Shop</AssemblyName>
    <RuntimeIdentifier Condition="'$(OS)' == 'Unix'">linux-x64</RuntimeIdentifier>
    <publishaot>true</publishaot>
    <SelfContained>false</SelfContained>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Npgsql"><Version>8</Version></PackageReference>
    <PackageReference Update="Ignored" />
    <ProjectReference Include="..\Core\Core.fsproj" />
  </ItemGroup>
</Project>
-- src/Core/Core.fsproj --
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><InvariantGlobalization>false</InvariantGlobalization></PropertyGroup>
  <ItemGroup><PackageReference Include="MediatR;Polly" /><ProjectReference Include="..\Shop\Shop.csproj" /></ItemGroup>
</Project>
-- src/Core/packages.lock.json --
{"dependencies": {"net8.0": {"B": {"type": "Transitive"}, "A": {"type": "Direct"}, "shop": {"type": "Project"}}}}
-- src/Directory.Packages.props --
<Project><ItemGroup><GlobalPackageReference Include="Global" /><PackageVersion Include="NotUsed" /></ItemGroup></Project>
-- src/Shop/Program.cs --
// one
var p = Process.GetCurrentProcess();
var q = System.Diagnostics.Process.Start("x");
-- src/Shop/obj/Left.cs --
[DllImport("x")]
-- src/Core/Zone.fs --
let z = TimeZoneInfo.Local
`

func TestDotnetProject(t *testing.T) {
	c := open(t, dotnetTree)
	all, ok := c.DotnetProjects()
	same(t, "projects", all, []string{"src/Core/Core.fsproj", "src/Shop/Shop.csproj"})
	p, err := c.DotnetProject("src/Shop/Shop.csproj")
	if err != nil || !ok {
		t.Fatal(err, ok)
	}
	same(t, "assembly", p.Assembly, "Acme.Shop")
	same(t, "frameworks", p.Frameworks, []string{"net8.0", "net9.0"})
	same(t, "runtimes", p.Runtimes, []string{"linux-x64"})
	same(t, "bundles", p.Bundles, []Place{{"src/Shop/Shop.csproj", 7}})
	same(t, "invariant, whatever a library says", p.Invariant, true)
	same(t, "closure", p.Projects, []string{"src/Shop/Shop.csproj", "src/Core/Core.fsproj"})
	same(t, "packages", dotnetNames(p.Packages), []string{"src/Shop/Shop.csproj:12 Npgsql", "src/Directory.Packages.props:1 Global",
		"src/Core/Core.fsproj:3 MediatR", "src/Core/Core.fsproj:3 Polly", "src/Core/packages.lock.json:0 A", "src/Core/packages.lock.json:0 B"})
	same(t, "unclear", p.Unclear, []DotnetNamed(nil))
	same(t, "sources", p.Sources, 2)
	same(t, "outside", dotnetNames(p.Outside), []string{"src/Shop/Program.cs:3 Process.Start"})
	same(t, "zones", dotnetNames(p.Zones), []string{"src/Core/Zone.fs:1 TimeZone"})
}

func dotnetNames(list []DotnetNamed) (out []string) {
	for _, one := range list {
		out = append(out, one.Where()+" "+one.Name)
	}
	return out
}

func TestDotnetUnclear(t *testing.T) {
	for element, want := range map[string]string{
		`<ItemGroup><ProjectReference Include="$(Core)\Core.csproj" /></ItemGroup>`:                "refers to $(Core)/Core.csproj, which is not in the build context",
		`<ItemGroup><ProjectReference Include="..\..\Core.csproj" /></ItemGroup>`:                  "refers to ../../Core.csproj, which is not in the build context",
		`<Import Project="..\common.props" />`:                                                     "refers to ../common.props, which is not in the build context",
		`<ItemGroup><Reference Include="X"><HintPath>lib\X.dll</HintPath></Reference></ItemGroup>`: "takes along X.dll, a library that is not built from sources here",
		`<ItemGroup><Compile Include="..\Shared\*.cs" /></ItemGroup>`:                              `takes along ..\Shared\*.cs from elsewhere`,
		`<Import Sdk="X" Project="Sdk.props" />`:                                                   "",
		`<Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '..'))" />`:     "",
	} {
		c := open(t, "-- a/App.csproj --\n<Project>"+element+"</Project>\n-- a/p.cs --\n")
		p, err := c.DotnetProject("a/App.csproj")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(p.Unclear) > 0 {
			got = p.Unclear[0].Name
		}
		same(t, element, got, want)
	}
}

func TestDotnetCultures(t *testing.T) {
	for text, want := range map[string]bool{
		"": false,
		"<P><InvariantGlobalization>true</InvariantGlobalization></P>":                                                                           true,
		"<P Condition='x'><InvariantGlobalization>true</InvariantGlobalization></P>":                                                             false,
		"<P><InvariantGlobalization>true</InvariantGlobalization><InvariantGlobalization Condition='x'>false</InvariantGlobalization></P>":       false,
		"<P><InvariantGlobalization>true</InvariantGlobalization></P><P Condition='x'><InvariantGlobalization>true</InvariantGlobalization></P>": true,
		"<P><InvariantGlobalization>true</InvariantGlobalization></P><P><InvariantGlobalization>$(Other)</InvariantGlobalization></P>":           false,
	} {
		p, err := open(t, "-- App.csproj --\n<Project>"+text+"</Project>\n").DotnetProject("App.csproj")
		if err != nil {
			t.Fatal(err)
		}
		same(t, text, p.Invariant, want)
	}
	p, err := open(t, "-- App.csproj --\n<Project/>\n-- runtimeconfig.template.json --\n{\"configProperties\": {\"System.Globalization.Invariant\": true}}\n").DotnetProject("App.csproj")
	if err != nil || !p.Invariant {
		t.Error("runtimeconfig.template.json is not read", err)
	}
}

func TestDotnetBroken(t *testing.T) {
	for _, text := range []string{"<Project>", "<a></b>", "<?xml version='1.0' encoding='latin-9'?><Project/>"} {
		if p, err := open(t, "-- App.csproj --\n"+text+"\n").DotnetProject("App.csproj"); err == nil {
			t.Errorf("%s: %+v", text, p)
		}
	}
	if _, err := open(t, "").DotnetProject("None.csproj"); err == nil {
		t.Error("a project that is not there")
	}
}

func TestDotnetUTF16(t *testing.T) {
	for mark, order := range map[string]int{"\xff\xfe": 0, "\xfe\xff": 1} {
		wide := func(text string) []byte {
			out := []byte(mark)
			for _, b := range []byte(text) {
				pair := []byte{b, 0}
				out = append(out, pair[order], pair[1-order])
			}
			return out
		}
		c := must(Open(fstest.MapFS{
			"a.csproj": {Data: wide("<?xml version='1.0' encoding='utf-16'?><Project><AssemblyName>b</AssemblyName></Project>")},
			"x.cs":     {Data: wide("\nProcess.Start(1)")},
			"y.cs":     {Data: wide("x")[2:]},
		}, ""))
		p, err := c.DotnetProject("a.csproj")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "assembly", p.Assembly, "b")
		same(t, "outside", dotnetNames(p.Outside), []string{"x.cs:2 Process.Start"})
		same(t, "unclear", dotnetNames(p.Unclear), []string{"y.cs:0 is no text that can be read"})
	}
}

func FuzzDotnet(f *testing.F) {
	f.Add("<Project><ItemGroup><ProjectReference Include='..\\b.csproj;$(x)'/></ItemGroup></Project>", "{}")
	f.Add("\xef\xbb\xbf<a Condition=''><AssemblyName>x</AssemblyName>", "{\"dependencies\":{\"a\":{\"b\":{}}}}")
	f.Fuzz(func(t *testing.T, project, lock string) {
		c := must(Open(fstest.MapFS{"a/a.csproj": {Data: []byte(project)}, "b.csproj": {Data: []byte(project)}, "a/packages.lock.json": {Data: []byte(lock)}}, ""))
		p, err := c.DotnetProject("a/a.csproj")
		if err == nil && (len(p.Projects) == 0 || p.Projects[0] != "a/a.csproj") {
			t.Errorf("%+v", p)
		}
	})
}
