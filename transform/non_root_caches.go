package transform

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// homeLibraries are libraries of Python that keep what they download, or compile, in
// the user's home, and end with an error where there is none: ~/.cache/huggingface,
// ~/.EasyOCR, ~/nltk_data and so on, and numba's compiled functions.
var homeLibraries = regexp.MustCompile(`(?m)^[ \t]*(?:from|import)[ \t]+(sentence_transformers|transformers|huggingface_hub|diffusers|faster_whisper|whisper|easyocr|torchvision|kagglehub|rembg|deepface|insightface|tensorflow_hub|webdriver_manager|undetected_chromedriver|pyppeteer|chromadb|fastembed|stanza|flair|librosa|numba|umap|crewai|langchain_huggingface)\b|\b(nltk)\.download\(|\b(torch\.hub)\.`)

// modelCalls are those by which a script fetches a model into the home.
var modelCalls = regexp.MustCompile(`\bSentenceTransformer\(|\bsnapshot_download\(|\bhf_hub_download\(|\.from_pretrained\(|\bnltk\.download\(|\bwhisper\.load_model\(|\btorch\.hub\.load\(`)

// cachesAtHome notes a library of one source file that wants a home.
func (u *userPlan) cachesAtHome(p, text string) {
	if u.needHome != "" || path.Ext(p) != ".py" {
		return
	}
	for _, m := range homeLibraries.FindAllStringSubmatchIndex(text, 20) {
		if inComment(text, m[0]) {
			continue
		}
		for i := 2; i+1 < len(m); i += 2 {
			if m[i] >= 0 {
				u.needHome = fmt.Sprintf("%s (%s:%d)", text[m[i]:m[i+1]], p, lineOf(text, m[i]))
				return
			}
		}
	}
}

// fetchesModel reports whether a RUN calls a script of the context that fetches a
// model into root's home.
func (u *userPlan) fetchesModel(c *command, texts []string) bool {
	for _, name := range []string{"HF_HOME", "XDG_CACHE_HOME", "TRANSFORMERS_CACHE", "SENTENCE_TRANSFORMERS_HOME", "NLTK_DATA", "TORCH_HOME", "HOME"} {
		if _, ok := c.lookup(name); ok {
			return false
		}
	}
	for i, t := range texts {
		if i == 0 || path.Ext(t) != ".py" || !c.dirOK {
			continue
		}
		ctx, _, ok := u.contextOf(absIn(c.dir, t))
		if !ok {
			return false
		}
		text, ok := u.p.Build.Read(ctx)
		return ok && modelCalls.Match(text) && !mentions([]string{string(text)}, "cache_dir", "cache_folder", "download_dir", "local_dir", "download_root", "environ[")
	}
	return false
}

var puppeteerVersion = regexp.MustCompile(`"puppeteer"\s*:\s*"[^"\d]*(\d+)`)

// fetchesBrowser reports whether a package manager's install leaves Puppeteer's
// browser in root's home, where it lies since version 19.
func (u *userPlan) fetchesBrowser(c *command, texts []string) bool {
	if !isPackageRunner(c.name) || len(texts) > 1 && !mentions(texts[1:2], "install", "ci", "add") {
		return false
	}
	for _, name := range []string{"PUPPETEER_SKIP_DOWNLOAD", "PUPPETEER_SKIP_CHROMIUM_DOWNLOAD", "PUPPETEER_CACHE_DIR", "PUPPETEER_EXECUTABLE_PATH", "HOME"} {
		if _, ok := c.lookup(name); ok {
			return false
		}
	}
	pkg := u.nodePackage()
	if pkg == nil {
		return false
	}
	for _, file := range []string{".puppeteerrc.cjs", ".puppeteerrc.js", ".puppeteerrc.json", "puppeteer.config.js", "puppeteer.config.cjs"} {
		if u.p.Build.Exists(path.Join(pkg.Dir, file)) {
			return false
		}
	}
	text, _ := u.p.Build.Read(path.Join(pkg.Dir, "package.json"))
	m := puppeteerVersion.FindSubmatch(text)
	if m == nil {
		return false
	}
	major, err := strconv.Atoi(string(m[1]))
	return err == nil && major >= 19
}

// giveHome makes the home that something wants; where the account's cannot be made,
// the reader is told.
func (u *userPlan) giveHome() {
	if _, ok := variable(u.state, "HOME"); ok || u.needHome == "" || u.account.homeMade {
		return
	}
	home := u.account.home
	if u.account.create == "" && !strings.HasPrefix(home, "/home/") {
		u.assume(fmt.Sprintf("HOME is set to a folder that the user may write to where it runs: %s wants one, and the account has none.", u.needHome))
		return
	}
	u.write(home, false, "the home that "+u.needHome+" wants")
}

// pyrogramSession is the name of a session, which Pyrogram keeps beside where it runs.
var pyrogramSession = regexp.MustCompile(`\bClient\(\s*(?:name\s*=\s*)?["']([\w.-]+)["']\s*,\s*(?:#[^\n]*\n\s*)?api_id\b`)

// sessions notes the session files of Telegram's clients.
func (u *userPlan) sessions(p, text string) {
	if path.Ext(p) != ".py" || !strings.Contains(text, "pyrogram") {
		return
	}
	for _, m := range pyrogramSession.FindAllStringSubmatchIndex(text, 20) {
		u.write(path.Join(u.workdir(), text[m[2]:m[3]]+".session"), true, fmt.Sprintf("%s:%d", p, lineOf(text, m[0])))
	}
}
