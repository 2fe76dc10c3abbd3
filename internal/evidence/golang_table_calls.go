package evidence

// goSort is what a call tells.
type goSort int

const (
	goReads goSort = iota
	goWrites
	goPorts
	goNetwork
	goTimeZones
	goExecs
	goUsers
	goPlugins
	goSQL     // a driver name, then a data source
	goListen  // a network, then an address
	goFlags   // a path, then the flags of os.OpenFile
	goConfDir // viper's search path and file name, joined once all are known
	goConfName
	goRunPort // an address, or $PORT, or :8080 where there is none
	goDSN     // the path of an embedded database
	goDotenv  // files, or .env where there are none
)

// goCallRow says what the argument at, or with rest all from it on, of a call
// means. at -1: the call itself is the fact. A call is "import/path.Func", or
// ".Method" on whatever, which counts where the program imports needs.
type goCallRow struct {
	call  string
	sort  goSort
	at    int
	rest  bool
	needs string
}

// goStdCalls are calls of the standard library. Source: its documentation.
var goStdCalls = []goCallRow{
	{"os.Open", goReads, 0, false, ""},
	{"os.ReadFile", goReads, 0, false, ""},
	{"os.Stat", goReads, 0, false, ""},
	{"os.Lstat", goReads, 0, false, ""},
	{"os.ReadDir", goReads, 0, false, ""},
	{"os.Readlink", goReads, 0, false, ""},
	{"os.DirFS", goReads, 0, false, ""},
	{"os.OpenRoot", goReads, 0, false, ""},
	{"os.OpenInRoot", goReads, 0, false, ""},
	{"os.Chdir", goReads, 0, false, ""},
	{"os.OpenFile", goFlags, 0, false, ""},
	{"os.Create", goWrites, 0, false, ""},
	{"os.WriteFile", goWrites, 0, false, ""},
	{"os.Mkdir", goWrites, 0, false, ""},
	{"os.MkdirAll", goWrites, 0, false, ""},
	{"os.CreateTemp", goWrites, 0, false, ""},
	{"os.MkdirTemp", goWrites, 0, false, ""},
	{"os.Rename", goWrites, 0, false, ""},
	{"os.Rename", goWrites, 1, false, ""},
	{"os.Remove", goWrites, 0, false, ""},
	{"os.RemoveAll", goWrites, 0, false, ""},
	{"os.Symlink", goWrites, 1, false, ""},
	{"os.Link", goWrites, 1, false, ""},
	{"os.Truncate", goWrites, 0, false, ""},
	{"os.Chmod", goWrites, 0, false, ""},
	{"os.Chtimes", goWrites, 0, false, ""},
	{"os.CopyFS", goWrites, 0, false, ""},
	{"os.Chown", goUsers, -1, false, ""},
	{"os.Lchown", goUsers, -1, false, ""},
	{"os.Getuid", goUsers, -1, false, ""},
	{"os.Geteuid", goUsers, -1, false, ""},
	{"os.StartProcess", goExecs, 0, false, ""},
	{"io/ioutil.ReadFile", goReads, 0, false, ""},
	{"io/ioutil.ReadDir", goReads, 0, false, ""},
	{"io/ioutil.WriteFile", goWrites, 0, false, ""},
	{"io/ioutil.TempFile", goWrites, 0, false, ""},
	{"io/ioutil.TempDir", goWrites, 0, false, ""},
	{"path/filepath.Walk", goReads, 0, false, ""},
	{"path/filepath.WalkDir", goReads, 0, false, ""},
	{"path/filepath.Glob", goReads, 0, false, ""},
	{"text/template.ParseFiles", goReads, 0, true, ""},
	{"text/template.ParseGlob", goReads, 0, false, ""},
	{"html/template.ParseFiles", goReads, 0, true, ""},
	{"html/template.ParseGlob", goReads, 0, false, ""},
	{".ParseFiles", goReads, 0, true, "html/template"},
	{".ParseGlob", goReads, 0, false, "html/template"},
	{".ParseFiles", goReads, 0, true, "text/template"},
	{".ParseGlob", goReads, 0, false, "text/template"},
	{"net/http.Dir", goReads, 0, false, ""},
	{"net/http.ServeFile", goReads, 2, false, ""},
	{"net/http.ListenAndServe", goPorts, 0, false, ""},
	{"net/http.ListenAndServeTLS", goPorts, 0, false, ""},
	{"net/http.ListenAndServeTLS", goReads, 1, false, ""},
	{"net/http.ListenAndServeTLS", goReads, 2, false, ""},
	{"net/http.ServeTLS", goReads, 2, false, ""},
	{"net/http.ServeTLS", goReads, 3, false, ""},
	{"net/http.Get", goNetwork, 0, false, ""},
	{"net/http.Head", goNetwork, 0, false, ""},
	{"net/http.Post", goNetwork, 0, false, ""},
	{"net/http.PostForm", goNetwork, 0, false, ""},
	{"net/http.NewRequest", goNetwork, 1, false, ""},
	{"net/http.NewRequestWithContext", goNetwork, 2, false, ""},
	{"net/http/httputil.NewSingleHostReverseProxy", goNetwork, -1, false, ""},
	{"crypto/tls.LoadX509KeyPair", goReads, 0, false, ""},
	{"crypto/tls.LoadX509KeyPair", goReads, 1, false, ""},
	{"crypto/tls.Listen", goListen, 1, false, ""},
	{"crypto/tls.Dial", goNetwork, 1, false, ""},
	{"crypto/tls.DialWithDialer", goNetwork, 2, false, ""},
	{"crypto/tls.Client", goNetwork, -1, false, ""},
	{"crypto/x509.SystemCertPool", goNetwork, -1, false, ""},
	{"net/smtp.SendMail", goNetwork, 0, false, ""},
	{"net.Listen", goListen, 1, false, ""},
	{"net.ListenPacket", goListen, 1, false, ""},
	{"time.LoadLocation", goTimeZones, 0, false, ""},
	{"os/exec.Command", goExecs, 0, false, ""},
	{"os/exec.CommandContext", goExecs, 1, false, ""},
	{"os/exec.LookPath", goExecs, 0, false, ""},
	{"syscall.Exec", goExecs, 0, false, ""},
	{"syscall.ForkExec", goExecs, 0, false, ""},
	{"golang.org/x/sys/unix.Exec", goExecs, 0, false, ""},
	{"os/user.Current", goUsers, -1, false, ""},
	{"os/user.Lookup", goUsers, -1, false, ""},
	{"os/user.LookupId", goUsers, -1, false, ""},
	{"os/user.LookupGroup", goUsers, -1, false, ""},
	{"os/user.LookupGroupId", goUsers, -1, false, ""},
	{"plugin.Open", goPlugins, 0, false, ""},
}

// goPrivileged are functions of syscall and golang.org/x/sys/unix that change
// the user or need root.
var goPrivileged = []string{"Setuid", "Setgid", "Seteuid", "Setegid", "Setreuid", "Setregid", "Setresuid", "Setresgid",
	"Setgroups", "Chroot", "Mount", "Unmount", "PivotRoot", "Mknod", "Sethostname", "Setdomainname", "Unshare", "Setns",
	"Reboot", "Settimeofday", "Chown", "Lchown", "Fchown", "Fchownat", "Prctl", "Capset", "Getuid", "Geteuid"}
