package shell

import "testing"

// TestRuns reads bodies of RUN with continuations, in shapes that are common.
func TestRuns(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{
			"apt-get",
			`apt-get update && apt-get install -y --no-install-recommends \
    # for TLS
    ca-certificates \
    curl=7.* \
 && rm -rf /var/lib/apt/lists/*`,
			`apt-get update
apt-get install -y --no-install-recommends ca-certificates curl=7.*
rm -rf /var/lib/apt/lists/*
`,
		},
		{
			"set -eux with a loop",
			`set -eux; \
	for key in A \
		B; do \
		gpg --recv-keys "$key" || exit 1; \
	done; \
	\
# the build
	cd /usr/src/x; \
	./configure --build="$(dpkg-architecture --query DEB_BUILD_GNU_TYPE)"; \
	make -j "$(nproc)"; \
	cd ..`,
			`set -eux
gpg --recv-keys "$key" [Loop]
exit 1 [Conditional|Loop]
cd /usr/src/x
./configure --build="$(dpkg-architecture --query DEB_BUILD_GNU_TYPE)" in /usr/src/x
dpkg-architecture --query DEB_BUILD_GNU_TYPE [MayFail|Substitution] in /usr/src/x
make -j "$(nproc)" in /usr/src/x
nproc [MayFail|Substitution] in /usr/src/x
cd .. in /usr/src/x
`,
		},
		{
			"if then",
			`if [ "$TARGETARCH" = "arm64" ]; then \
      wget -O x.tgz https://e.org/arm; \
    else \
      wget -O x.tgz https://e.org/amd; \
    fi && tar xf x.tgz`,
			`[ "$TARGETARCH" = "arm64" ] [Conditional|MayFail]
wget -O x.tgz https://e.org/arm [Conditional]
wget -O x.tgz https://e.org/amd [Conditional]
tar xf x.tgz
`,
		},
		{
			"curl into tar",
			"curl -fsSL \\\n  https://e.org/x.tgz \\\n  | tar -xzC /opt --strip-components=1",
			"curl -fsSL https://e.org/x.tgz [Pipe|MayFail]\ntar -xzC /opt --strip-components=1 [Pipe]\n",
		},
		{
			"file written by echo",
			"{ \\\n  echo 'a=1'; \\\n  echo 'b=2'; \\\n } > /etc/x.ini",
			"echo 'a=1' [MayFail]\necho 'b=2'\n>/etc/x.ini\n",
		},
		{"broken word", "echo ab\\\ncd e", "echo ~abcd e\n"},
		{"a comment swallows the rest", "a # note && \\\n b", "a\n"},
		{"a comment at the end", "a && b \\\n# c\n", "a\nb\n"},
		{"nothing left of and", `&& a`, "!`&&` can only immediately follow a statement"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Parse(joined(test.src), false)
			if got := outlineOf(test.src, s); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestCommandSpan(t *testing.T) {
	src := "A=1 b \\\n c && d e > f"
	s := Parse(joined(src), false)
	first, second := s.Commands[0], s.Commands[1]
	if got := first.Span.Of(src); got != "A=1 b \\\n c" || first.Exact {
		t.Errorf("%q exact: %v", got, first.Exact)
	}
	if got := second.Span.Of(src); got != "d e" || !second.Exact {
		t.Errorf("%q exact: %v", got, second.Exact)
	}
}
