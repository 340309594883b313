import { after } from 'node:test'
import { forgetMovedBack, openMovedBack } from '../support/moved.ts'
import { storeContract } from './store-suite.ts'

after(forgetMovedBack)
storeContract('SQLite, moved to PostgreSQL and back', openMovedBack)
