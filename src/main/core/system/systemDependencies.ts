import type { ModelStore } from '../models/store.ts'
import type { Db } from '../store/database.ts'

/** What the System page looks at: the studio's folder and version, the door it is asked through, data and weights. */
export type SystemDependencies = { home: string; version: string; door: string; db: Db; models: ModelStore }
