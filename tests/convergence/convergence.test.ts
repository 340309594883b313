import { after, before, test } from 'node:test'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { converge } from './converge.ts'

let server: TestServer
let people: Person[]

before(async () => {
  const owned = await TestServer.owned()
  server = owned.server
  people = [owned.owner]
  for (const name of ['bob', 'carol', 'dave', 'erin']) people.push(await server.signUp(name))
})
after(() => server[Symbol.asyncDispose]())

for (let seed = 1; seed <= 12; seed++)
  test(`[F2] [F7] [F8] [C3] seed ${seed}: clients on bad lines come to hold what the server holds`, async () => {
    await converge(seed, server, people, { steps: 400 })
  })
