import WebSocket from 'ws'
import { subprotocol } from '../../contract/protocol.ts'
import type { ClientClock, SocketListener, SocketPort } from '../../web/sync/ports.ts'
import type { Person } from '../support/app.ts'
import { guarded, StrictClient } from '../support/strict-client.ts'
import { Device } from './device.ts'

/** Time in which all waiting is a hundredth: no test depends on how long something takes. */
export const hasty: ClientClock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms / 100)
    return () => clearTimeout(timer)
  },
}

/** A socket to a real server, as this person, that holds what comes against the protocol; `from`: one of this machine's addresses. */
export function realSocket(
  url: string,
  person: Person,
  from?: string,
): (listener: SocketListener) => SocketPort {
  return listener => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, [subprotocol], {
      headers: { origin: url, cookie: person.cookie },
      ...(from !== undefined && { localAddress: from }),
    })
    const strict = new StrictClient()
    socket.on('open', () => listener.opened())
    socket.on('message', (data, isBinary) => {
      guarded(() => strict.received(data.toString(), isBinary))
      listener.received(data.toString())
    })
    socket.on('close', (code, reason) => {
      guarded(() => strict.closed(code))
      listener.closed(code, reason.toString())
    })
    socket.on('error', () => {})
    return {
      send: text => {
        if (socket.readyState !== WebSocket.OPEN) return
        strict.sent(text)
        socket.send(text)
      },
      close: () => socket.terminate(),
    }
  }
}

/** Time as it is, for where servers are to be given theirs. */
export const unhurried: ClientClock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

/** A browser of this person's, on a network that works. */
export const deviceOf = (
  url: string,
  person: Person,
  openSocket = realSocket(url, person),
  clock = hasty,
): Device =>
  new Device({
    clock,
    random: Math.random,
    openSocket,
    http: { base: url, headers: person.headers },
  })
