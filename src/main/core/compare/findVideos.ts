/** Videos that can be opened in Compare: the studio's own, and what lies in a workspace. */
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import type { FoundVideo } from '../../../shared/contract/compare.ts'
import { AppError } from '../../../shared/errors.ts'
import { isVideo } from '../media/media.ts'
import type { ClipsRepository } from '../videos/clips.repository.ts'
import type { WorkspacesRepository } from '../workspaces/workspaces.repository.ts'

/** A workspace may lie on a slow disk and hold millions of frames; looking stops after so many folders and names. */
const mostFolders = 3000
const mostNames = 400_000
const deepest = 6
const mostVideos = 500

/** @throws AppError `permission` when `workspace` is not open. */
export async function findVideos(
  workspace: string | undefined,
  store: {
    clips: Pick<ClipsRepository, 'list'>
    workspaces: Pick<WorkspacesRepository, 'list'>
  },
): Promise<{ videos: FoundVideo[]; isComplete: boolean }> {
  if (workspace !== undefined && !store.workspaces.list().some(({ root }) => root === workspace))
    throw new AppError('permission', `${workspace} is not open as a workspace.`)
  const { paths, isComplete } =
    workspace === undefined ? { paths: [], isComplete: true } : await walk(workspace)
  const own = store.clips.list(mostVideos).map(({ clip }) => clip.file)
  const videos = await Promise.all(
    [...new Set([...own, ...paths])].map(async (path): Promise<FoundVideo | undefined> => {
      const found = await stat(path).catch(() => undefined)
      const below = workspace === undefined ? '..' : relative(workspace, path)
      return (
        found && {
          path,
          name: below.startsWith('..') ? basename(path) : below,
          bytes: found.size,
          modifiedAt: found.mtimeMs,
        }
      )
    }),
  )
  return { videos: videos.filter((video) => video !== undefined).slice(0, mostVideos), isComplete }
}

async function walk(root: string): Promise<{ paths: string[]; isComplete: boolean }> {
  const paths: string[] = []
  const folders = [{ path: root, depth: 0 }]
  let names = 0
  for (const [at, { path, depth }] of folders.entries()) {
    if (at >= mostFolders || names >= mostNames || paths.length >= mostVideos)
      return { paths, isComplete: false }
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    names += entries.length
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const child = join(path, entry.name)
      // Links are not followed: they may lead in circles, and out of what may be shown.
      if (entry.isDirectory() && depth < deepest) folders.push({ path: child, depth: depth + 1 })
      else if (entry.isFile() && isVideo(entry.name)) paths.push(child)
    }
  }
  return { paths, isComplete: true }
}
