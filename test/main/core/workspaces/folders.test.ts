import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { temporaryFolder, writePairs } from '../../../support/frames.ts'
import { openStudio } from '../../../support/studio.ts'

const at = openStudio()
afterAll(() => at.studio.close())

it('a workspace whose data lie on another disk, behind links, is found whole', async () => {
  const root = temporaryFolder('workspace')
  const disk = temporaryFolder('disk')
  await writePairs(disk, 3)
  mkdirSync(join(root, 'data'))
  symlinkSync(join(disk, 'data/preprocessed_data'), join(root, 'data/preprocessed_data'))
  mkdirSync(join(root, 'outputs_eval/exp1'), { recursive: true })
  symlinkSync(
    join(disk, 'outputs_eval/exp1/test_20260101_000000'),
    join(root, 'outputs_eval/exp1/test_20260101_000000'),
  )
  // One frame is a link itself, as in stores that keep files by their hash.
  const frame = join(disk, 'data/preprocessed_data/de_test/imgs/file_num1_frame_0.jpg')
  renameSync(frame, join(disk, 'blob'))
  symlinkSync(join(disk, 'blob'), frame)

  const report = await at.call('workspaces.open', { root })
  expect(report.maps).toMatchObject([{ map: 'de_test', frames: 3 }])
  expect(report.evaluationRuns).toMatchObject([{ experiment: 'exp1', maps: [{ map: 'de_test', frames: 3 }] }])

  const { targets } = await at.call('benchmark.preflight', {
    workspace: root,
    reference: 'data/preprocessed_data/{map}/imgs',
    prediction: 'outputs_eval/exp1/test_20260101_000000/gen_imgs/{map}',
  })
  expect(targets).toMatchObject([{ map: 'de_test', pairs: 3 }])
})

it('the folder picker shows folders behind links, in the order people count, without hidden and broken ones', async () => {
  const root = temporaryFolder('browse')
  for (const name of ['exp10', 'exp9', '.git']) mkdirSync(join(root, name))
  symlinkSync(join(root, 'exp9'), join(root, 'linked'))
  symlinkSync(join(root, 'nowhere'), join(root, 'broken'))
  symlinkSync(join(root, 'loop'), join(root, 'loop'))
  writeFileSync(join(root, 'file'), '')
  const { folders } = await at.call('workspaces.browse', { path: root })
  expect(folders.map(({ name }) => name)).toEqual(['exp9', 'exp10', 'linked'])
  await expect(at.call('workspaces.browse', { path: join(root, 'none') })).rejects.toMatchObject({
    code: 'not-found',
  })
})

it('a dropped folder is a repository, frames, or a folder; a file is told from them', async () => {
  const root = temporaryFolder('dropped')
  const { reference } = await writePairs(root, 3)
  writeFileSync(join(root, 'note.txt'), '')
  const describe = (path: string) => at.call('workspaces.describe', { path })
  expect(await describe(root)).toMatchObject({ kind: 'workspace', frames: 0 })
  expect(await describe(reference)).toMatchObject({ kind: 'frames', frames: 3 })
  expect(await describe(join(root, 'data'))).toMatchObject({ kind: 'folder' })
  expect(await describe(join(root, 'note.txt'))).toMatchObject({ kind: 'file' })
  await expect(describe(join(root, 'none'))).rejects.toMatchObject({ code: 'not-found' })
})
