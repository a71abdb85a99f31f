/** What takes time with weights, as jobs: it can be watched and cancelled, and is seen from every window. */
import { basename } from 'node:path'
import type { z } from 'zod'
import type {
  importRequest,
  installRequest,
  ModelCheck,
  ModelInfo,
  verifyRequest,
} from '../../../shared/contract/models.ts'
import type { JobContext, JobKind } from '../jobs/jobs.ts'
import type { ModelStore } from './store.ts'

type InstallRequest = z.output<typeof installRequest>
type ImportRequest = z.output<typeof importRequest>
type VerifyRequest = z.output<typeof verifyRequest>

const reportBytes =
  (report: JobContext['report']) =>
  ({ file, doneBytes, totalBytes }: { file: string; doneBytes: number; totalBytes: number }) =>
    report({ stage: file, done: doneBytes, total: totalBytes, unit: 'bytes' })

/** Downloads models one after another: those asked for, or all that are not whole. */
export function installJob(store: ModelStore): JobKind<InstallRequest, { installed: string[] }> {
  return {
    kind: 'models.install',
    lane: 'transfer',
    async run(input, { signal, report, log }) {
      const ids =
        input.models ??
        (await store.list()).filter(({ status }) => status !== 'installed').map(({ id }) => id)
      const installed: string[] = []
      for (const id of ids) {
        const info = await store.install(id, { signal, onProgress: reportBytes(report) })
        log(`${info.title}: ${info.path ?? 'not found after the download'}`)
        installed.push(id)
      }
      return { installed }
    },
  }
}

/** Recognises a weight file of the user and copies it into the model folder. */
export function importJob(store: ModelStore): JobKind<ImportRequest, { model: ModelInfo }> {
  return {
    kind: 'models.import',
    lane: 'transfer',
    async run({ path }, { signal, report, log }) {
      const model = await store.import(path, { signal, onProgress: reportBytes(report) })
      log(`${basename(path)}: ${model.title}`)
      return { model }
    },
  }
}

/** Reads every byte of the files of one model, or of all. */
export function verifyJob(store: ModelStore): JobKind<VerifyRequest, { checks: ModelCheck[] }> {
  return {
    kind: 'models.verify',
    lane: 'scan',
    async run({ model }, { signal, report, log }) {
      const checks = await store.verify(model, { signal, onProgress: reportBytes(report) })
      for (const { path, found } of checks) log(`${path}: ${found}`)
      return { checks }
    },
  }
}
