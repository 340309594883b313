import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import WebSocket from 'ws'
import { subprotocol } from '../../../contract/protocol.ts'
import { reasonOf } from '../../adapters/reason.ts'
import type { Config } from '../../config.ts'
import { isLoopback } from '../../config.ts'
import type { Finding } from './finding.ts'
import { fail, ok, warn } from './finding.ts'

const answerMs = 5_000

type Where = Pick<Config, 'host' | 'port' | 'url' | 'trustedProxies'>

/** Where people reach it: the port, the address, and a socket through that address if a server runs. */
export async function checkAddress(where: Where): Promise<Finding[]> {
  const { finding, runs } = await portOf(where)
  const { url } = where
  if (!url) return [finding, withoutUrl(where)]
  const name = await resolves(url)
  const through = runs && name.is === 'ok' ? [await socketThrough(url)] : []
  return [finding, name, ...protectedBy(where, url), ...through]
}

/** Free, or a Confab's. */
async function portOf({ host, port }: Where): Promise<{ finding: Finding; runs: boolean }> {
  const code = await listening(host, port)
  if (code === null)
    return { finding: ok(`Port ${port} of ${host} is free: no server runs there.`), runs: false }
  if (code !== 'EADDRINUSE')
    return {
      finding: fail(
        `Port ${port} of ${host} cannot be listened on (${code}).`,
        code === 'EACCES' ? 'Set PORT to one above 1023.' : 'Set HOST to an address of this machine.',
      ),
      runs: false,
    }
  const reached = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  const at = `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
  const [alive, ready] = [await statusOf(`${at}/healthz`), await statusOf(`${at}/readyz`)]
  if (alive !== 200)
    return {
      finding: fail(
        `Port ${port} of ${host} is in use, and by no Confab.`,
        'Set PORT to another one, or stop what uses it.',
      ),
      runs: false,
    }
  if (ready === 200)
    return { finding: ok(`A server runs on port ${port} of ${host}, and is ready.`), runs: true }
  return {
    finding: fail(
      `A server runs on port ${port} of ${host}, and is not ready.`,
      'Read its log: its database does not answer, or it is ending.',
    ),
    runs: true,
  }
}

/** The code of why not, or null where it can be listened on. */
async function listening(host: string, port: number): Promise<string | null> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  } finally {
    server.close()
  }
}

const statusOf = (address: string): Promise<number> =>
  fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(answerMs) }).then(
    async response => {
      await response.arrayBuffer()
      return response.status
    },
    () => 0,
  )

function withoutUrl({ host }: Where): Finding {
  if (isLoopback(host)) return ok('CONFAB_URL is unset: browsers of this machine are served.')
  return warn(
    `HOST is ${host}, but CONFAB_URL is unset: browsers elsewhere are refused.`,
    'Set CONFAB_URL to the address that browsers use.',
  )
}

async function resolves({ hostname }: URL): Promise<Finding> {
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''))
    return ok(`${hostname} is found from here.`)
  } catch (error) {
    return fail(
      `The host of CONFAB_URL is not found: ${reasonOf(error)}.`,
      `Make a DNS record for ${hostname}, or correct CONFAB_URL.`,
    )
  }
}

function protectedBy({ trustedProxies }: Where, { protocol, hostname }: URL): Finding[] {
  if (protocol === 'http:')
    return isLoopback(hostname)
      ? []
      : [
          warn(
            'CONFAB_URL is http: passwords and messages cross the network readable.',
            'Put a proxy with https in front, such as those of deploy/.',
          ),
        ]
  if (trustedProxies.rules.length > 0)
    return [ok('The proxy in front is believed about where calls come from.')]
  return [
    warn(
      'CONFAB_URL is https, but no proxy is trusted: everybody seems to come from the proxy, and shares its limits.',
      'Set CONFAB_TRUSTED_PROXIES to the address of the proxy, such as 127.0.0.1.',
    ),
  ]
}

/** A socket as a browser opens it, without being signed in. */
async function socketThrough(url: URL): Promise<Finding> {
  const socket = new WebSocket(new URL('/ws', url), subprotocol, {
    origin: url.origin,
    handshakeTimeout: answerMs,
  })
  const outcome = await new Promise<string>(resolve => {
    socket.once('open', () => resolve(''))
    socket.once('unexpected-response', (_, response) => resolve(`it was answered ${response.statusCode}`))
    socket.once('error', error => resolve(reasonOf(error)))
  })
  socket.on('error', () => {})
  socket.terminate()
  if (!outcome) return ok(`A WebSocket comes through ${url.origin}.`)
  return fail(
    `No WebSocket comes through ${url.origin}: ${outcome}.`,
    'Let the proxy pass upgrades of /ws to this server, with Host as the browser sent it: see deploy/.',
  )
}
