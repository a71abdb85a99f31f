import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { Handlers, OutputOf } from '../../../shared/contract/operation.ts'
import type { workspaces as contract } from '../../../shared/contract/workspaces.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { subFolders } from './folders.ts'
import { countImages, scanWorkspace } from './scan.ts'
import type { WorkspacesRepository } from './workspaces.repository.ts'

/** Answers the `workspaces.*` operations. */
export function workspaceHandlers(
  repository: WorkspacesRepository,
  jobs: Jobs,
  defaultSampleRoot: () => string,
): Handlers<typeof contract> {
  return {
    'workspaces.open': async ({ root }) => {
      const path = resolve(root)
      const report = await scanWorkspace(path, repository.benchmarkCounts(path))
      repository.remember(path)
      return report
    },
    'workspaces.list': () =>
      repository
        .list()
        .map(({ root, openedAt }) => ({ root, name: basename(root), openedAt, exists: existsSync(root) })),
    'workspaces.forget': ({ root }) => ({ removed: repository.forget(root) }),
    'workspaces.browse': ({ path }) => browse(resolve(path ?? homedir())),
    'workspaces.describe': ({ path }) => describeFolder(resolve(path)),
    'workspaces.createSample': ({ root, framesPerMap }) => {
      const job = jobs.start('sample', 'Make the sample workspace', {
        root: root === undefined ? defaultSampleRoot() : resolve(root),
        framesPerMap,
      })
      return { jobId: job.id }
    },
  }
}

async function browse(path: string) {
  const names = await subFolders(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })
  const folders = names
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => ({ name, isWorkspace: looksLikeWorkspace(join(path, name)) }))
  const parent = dirname(path)
  return { path, folders, ...(parent === path ? {} : { parent }) }
}

/** A repository is one even when pictures lie in it. @throws AppError when the path cannot be read. */
async function describeFolder(path: string): Promise<OutputOf<(typeof contract)['workspaces.describe']>> {
  const found = await stat(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })
  if (!found.isDirectory()) return { path, kind: 'file', frames: 0 }
  const frames = await countImages(path)
  return { path, frames, kind: looksLikeWorkspace(path) ? 'workspace' : frames > 0 ? 'frames' : 'folder' }
}

const looksLikeWorkspace = (path: string) =>
  ['outputs_eval', 'data/preprocessed_data', 'csgo_configs'].some((name) => existsSync(join(path, name)))
