package dockerfile

import (
	"context"
	"testing"
)

const typical = `# syntax=docker/dockerfile:1
ARG NODE=20
FROM node:${NODE}-bookworm AS build
WORKDIR /app
# dependencies first
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN apt-get update && \
    # needed by the native module
    apt-get install -y --no-install-recommends \
      build-essential python3 && \
    rm -rf /var/lib/apt/lists/*
RUN npm run build

FROM nginx:1.27
ENV A=1 B="two words" \
    C=$A
COPY --from=build /app/dist /usr/share/nginx/html
EXPOSE 80 443
HEALTHCHECK --interval=30s CMD curl -f http://localhost/ || exit 1
CMD ["nginx", "-g", "daemon off;"]
`

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("f", typical); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConvert(b *testing.B) {
	for b.Loop() {
		if err := Convert(context.Background(), typical); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStateAt(b *testing.B) {
	f, err := Parse("f", typical)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f.StateAt(f.Stages[1], nil, nodeImage)
	}
}
