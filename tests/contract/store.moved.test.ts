import { after } from 'node:test'
import { forgetTemplates, openMovedBack, openMovedPostgres } from '../support/moved.ts'
import { storeContract } from './store-suite.ts'

after(forgetTemplates)
storeContract('PostgreSQL, moved from SQLite', openMovedPostgres)
storeContract('SQLite, moved to PostgreSQL and back', openMovedBack)
