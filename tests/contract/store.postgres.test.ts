import { openTemporaryPostgres } from '../support/store-postgres.ts'
import { storeContract } from './store-suite.ts'

storeContract('PostgreSQL', openTemporaryPostgres)
