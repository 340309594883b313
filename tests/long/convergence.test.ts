import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { converge } from '../convergence/converge.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'

let server: TestServer
let people: Person[]

before(async () => {
  const owned = await TestServer.owned()
  server = owned.server
  people = [owned.owner]
  for (const name of ['bob', 'carol', 'dave', 'erin']) people.push(await server.signUp(name))
})
after(() => server[Symbol.asyncDispose]())

// Seeds that nobody tried yet. One that fails is told by its title, and belongs among those of tests/convergence from then on.
const first = randomInt(1_000_000)
for (let seed = first; seed < first + 300; seed++)
  test(`[F2] [F7] [F8] [C3] seed ${seed}: clients on bad lines come to hold what the server holds`, async () => {
    await converge(seed, server, people, { steps: 600 })
  })
