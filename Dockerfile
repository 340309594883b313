# Debian, not Alpine: the prebuilt parts that npm installs are made for glibc.
FROM node:24-bookworm-slim AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node confab.mjs run scripts/build.ts

# The optional packages hold a Node for machines without a new enough one; this image has one. sharp and the like keep their
# parts for this platform among the optional packages too, so those are installed, and only the spare Node is taken out.
FROM node:24-bookworm-slim AS installed
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/node-win-* node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 CONFAB_DATA=/data
WORKDIR /app
COPY --from=installed /app/node_modules ./node_modules
COPY . .
COPY --from=page /app/dist ./dist
RUN mkdir --mode=700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# Within the container the server is reached by its loopback address, which is not the Host that browsers use; /healthz
# answers whatever the Host.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "confab.mjs", "start"]
