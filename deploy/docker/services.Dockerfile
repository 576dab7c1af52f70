# One image for every Node service, the set-up programs and the simulator; the command says which: services/<name>/dist/main.js
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund \
 && node node_modules/typescript/bin/tsc -b \
 && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 # What runs is dist and its data; sources, types and build notes stay behind.
 && find libs services deploy asterisk \( -name '*.ts' -o -name '*.map' -o -name '.tsbuildinfo' -o -name 'tsconfig.json' \) -type f -delete

FROM ${NODE_IMAGE}
# The voice of prompts; a program of its own.
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng && rm -rf /var/lib/apt/lists/* \
 # A new named volume takes the owner of the folder it covers.
 && mkdir -p /var/lib/troncal/edge /var/lib/troncal/sounds /var/lib/troncal/journal /var/lib/troncal/prompts /etc/nats \
 && chown -R 10001:10001 /var/lib/troncal /etc/nats
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production HTTP_HOST=0.0.0.0 HTTP_PORT=8080
USER 10001:10001
# Node is process 1: main.ts handles SIGTERM, and nothing forks behind its back but espeak, which it waits for.
ENTRYPOINT ["node"]
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
