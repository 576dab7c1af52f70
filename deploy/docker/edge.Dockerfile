# The edge: Asterisk 22 as deploy/parts slims it from Debian sid, its configuration rendered at start. Targets: edge, and edge-dahdi with what telephone cards need.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates debian-archive-keyring && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && node node_modules/typescript/bin/tsc -b deploy/docker
# Signatures are checked by the archive's keyring, and the version by deploy/parts.
RUN apt-get update && TRONCAL_CACHE=/parts node deploy/parts/dist/main.js asterisk > /parts.json \
 && cp -a "$(node -p 'require("/parts.json").asterisk.root')" /asterisk
RUN npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 && find libs services deploy asterisk \( -name '*.ts' -o -name '*.map' -o -name '.tsbuildinfo' -o -name 'tsconfig.json' \) -type f -delete

FROM ${NODE_IMAGE} AS base
RUN mkdir -p /var/lib/troncal/edge /var/lib/troncal/sounds /run/troncal && chown -R 10001:10001 /var/lib/troncal /run/troncal
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production TRONCAL_ASTERISK_ROOT=/opt/asterisk
USER 10001:10001
ENTRYPOINT ["node", "deploy/docker/dist/edge.js"]
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["node", "-e", "require('node:net').connect(Number(process.env.ARI_PORT || 8088), '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"]

FROM base AS edge
COPY --from=build /asterisk /opt/asterisk

# chan_dahdi and what it links to, unpacked: the package asterisk-dahdi itself would bring a compiler for a kernel module, which is the node's.
# A mirror that lags behind by days is still signed by Debian, hence Check-Valid-Until.
FROM build AS build-dahdi
RUN set -e; uri="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)"; \
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri sid main" > /etc/apt/sources.list.d/sid.list; \
    apt-get -o Acquire::Check-Valid-Until=false update; mkdir /debs; cd /debs; \
    apt-get download asterisk-dahdi/sid dahdi/sid libpri1.4/sid libss7-2.0/sid libopenr2-3/sid libtonezone2.0/sid; \
    for deb in *.deb; do dpkg-deb -x "$deb" /dahdi; done; \
    libraries="/asterisk/usr/lib/$(uname -m)-linux-gnu"; \
    find /dahdi -name 'chan_dahdi.so' -exec cp {} "$libraries/asterisk/modules/" \; ; \
    find /dahdi -name 'lib*.so.*' -exec cp -L {} "$libraries/" \;

FROM base AS edge-dahdi
ENV DAHDI=true
COPY --from=build-dahdi /asterisk /opt/asterisk
