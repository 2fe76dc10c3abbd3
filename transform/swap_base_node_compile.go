package transform

import (
	"slices"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// installRules is what an install of modules goes by.
type installRules struct {
	production bool // development modules are left out
	compilers  bool // the Dockerfile installs what node-gyp compiles with, so that no image has to bring it
}

// compiles reports whether a module is no matter where node-gyp's tools are
// installed: one whose sources bring all but the compiler, or a helper of such ones.
func (r installRules) compiles(module string) bool {
	return r.compilers && (bringsSources(module) || compileHelper(module))
}

// compilersFor reports whether the stages that ship install Python, make and a C++
// compiler with apt-get before the modules are installed.
func (s *swap) compilersFor(one nodeInstall) bool {
	if !slices.Contains(s.chain, one.stage) {
		return false
	}
	installed := map[string]bool{}
	for _, in := range s.instrs() {
		if in.Name == "run" {
			s.noteUntil(in, one, installed)
		}
		if in == one.c.in {
			break
		}
	}
	return installed["python3"] && installed["make"] && installed["g++"]
}

// nodeCompiled says for the report why compilers of the full image are not missed.
func (s *swap) nodeCompiled() string {
	if slices.ContainsFunc(s.nodeInstalls(), s.compilersFor) {
		return "the Dockerfile installs the compilers that modules want"
	}
	return "no module that is installed has to be compiled"
}

// noteUntil notes the packages that a RUN installs, up to the install of modules.
func (s *swap) noteUntil(in *dockerfile.Instr, one nodeInstall, installed map[string]bool) {
	list, _ := s.runCommands(in)
	for _, c := range list {
		if _, ok := readNodeInstall(c); ok && in == one.c.in {
			return
		}
		s.noteInstalled(c, installed)
		if removesPackages(c) {
			clear(installed)
		}
	}
}

func removesPackages(c *command) bool {
	if !slices.Contains(words("apt-get apt aptitude dpkg"), c.name) {
		return false
	}
	return slices.ContainsFunc(c.words, func(w shell.Word) bool {
		return slices.Contains(words("remove purge autoremove -r --purge"), w.Text)
	})
}

// bringsSources reports whether a module's C sources need nothing but node-gyp's
// tools: what they link to, they bring. By the modules' own binding.gyp, November 2026.
func bringsSources(module string) bool {
	switch module {
	case "bcrypt", "argon2", "better-sqlite3", "sqlite3", "bufferutil", "utf-8-validate", "leveldown", "classic-level", "farmhash", "microtime", "hiredis", "iconv", "re2":
		return true
	}
	return false
}

// compileHelper reports whether a module only helps others to be compiled or found;
// npm marks those that use it with a script of their own.
func compileHelper(module string) bool {
	switch module {
	case "nan", "node-addon-api", "bindings", "node-gyp-build", "prebuild-install", "node-pre-gyp", "@mapbox/node-pre-gyp", "node-gyp", "napi-build-utils":
		return true
	}
	return false
}

// compileMark reports whether a module is there to compile C sources, or to find
// what was compiled: whatever depends on it has some.
func compileMark(name string) bool {
	switch name {
	case "nan", "node-addon-api", "bindings", "node-gyp-build", "node-gyp-build-optional-packages", "prebuild-install", "node-pre-gyp", "@mapbox/node-pre-gyp", "node-gyp", "cmake-js", "napi-build-utils", "prebuildify",
		"bin-build", "bin-wrapper":
		return true
	}
	return false
}

// bringsProgram reports whether a module is known to fetch or to compile a program or a
// library when it is installed, which lock files of yarn and of npm before version 7 do
// not mark. By the modules' own install scripts, November 2026.
func bringsProgram(name string) bool {
	switch name {
	case "puppeteer", "playwright", "electron", "cypress", "chromedriver", "geckodriver", "phantomjs-prebuilt", "phantomjs", "oracledb", "ibm_db", "node-sass", "sharp", "canvas", "sqlite3", "bcrypt", "argon2", "better-sqlite3",
		"gifsicle", "mozjpeg", "optipng-bin", "pngquant-bin", "jpegtran-bin", "cwebp-bin", "pngcrush-bin", "advpng-bin", "zopflipng-bin", "guetzli", "jpegoptim-bin", "fibers", "deasync", "grpc", "keytar", "node-libcurl",
		"node-rdkafka", "node-datachannel", "wrtc", "robotjs", "nodegit", "libxmljs", "ffi-napi", "ref-napi", "iltorb", "ngrok", "youtube-dl", "youtube-dl-exec", "ffmpeg-static", "ffprobe-static", "mongodb-memory-server",
		"@tensorflow/tfjs-node", "isolated-vm", "node-pty", "zeromq", "sodium-native", "couchbase", "kerberos", "msnodesqlv8", "prisma", "@prisma/client", "@prisma/engines":
		return true
	}
	return false
}

// quietScript reports whether a module's install script prints, or checks, and
// compiles nothing.
func quietScript(name string) bool {
	switch name {
	case "core-js", "core-js-pure", "core-js-compat", "es5-ext", "esbuild", "@nestjs/core", "protobufjs", "nodemon", "styled-components", "ejs", "@scarf/scarf", "vue-demi", "preact", "postinstall-postinstall", "husky", "msw",
		"@swc/core", "unrs-resolver", "swagger-ui-dist", "@apollo/protobufjs", "tsparticles", "aws-sdk", "opencollective-postinstall", "uglifyjs-webpack-plugin", "webpack-cli", "babel-runtime", "json-server", "less", "@angular/cli", "spawn-sync":
		return true
	}
	return false
}
