import { TestServer } from './app.ts'

/** A server with two people and a private room of theirs. Whoever asks for it ends the server. */
export async function den() {
  const server = await TestServer.bare()
  const alice = await server.setUp('alice')
  const bob = await server.signUp('bob')
  const room = await alice.room('den', 'private', [bob])
  return { server, alice, bob, room }
}
