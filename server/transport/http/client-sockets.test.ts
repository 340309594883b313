import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { BlockList } from 'node:net'
import { test } from 'node:test'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import { silent } from '../../../tests/support/silent-log.ts'
import { ClientSockets } from './client-sockets.ts'

/** A server's sockets, and a connection from somewhere, which its destruction closes. */
function fakes() {
  const server = Object.assign(new EventEmitter(), { closeIdleConnections: () => {} })
  const connect = () => {
    const socket: EventEmitter & { destroy: () => void } = Object.assign(new EventEmitter(), {
      remoteAddress: '192.0.2.1',
      destroy: () => void socket.emit('close'),
    })
    server.emit('connection', socket)
  }
  return { server: server as unknown as Server, connect }
}

test('connections that are refused for want of descriptors do not say that the limit of connections is reached', () => {
  const lines: string[] = []
  const keep = (_: object, sentence: string) => void lines.push(sentence)
  const clock = new HandClock()
  const descriptors = { most: 1_000, open: 10, probe: () => false }
  const log = { ...silent, info: keep, warn: keep, error: keep }
  using sockets = new ClientSockets({ descriptors, clock, log, trustedProxies: new BlockList() })
  const { server, connect } = fakes()
  sockets.watch(server)
  clock.turn(5_000)
  for (let n = 0; n < 20; n++) connect()
  assert.equal(sockets.refused, 20)
  assert.equal(sockets.open, 0)
  assert.deepEqual(
    lines.map(line => line.split(':')[0]),
    ['There are no file descriptors left'],
  )
})
