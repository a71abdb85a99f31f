import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EvaluationRequest } from '../../../../src/shared/contract/evaluation.ts'
import { evaluationHandlers } from '../../../../src/main/core/evaluation/handlers.ts'
import { baseConfigOf } from '../../../../src/main/core/evaluation/baseConfig.ts'
import { planEvaluations } from '../../../../src/main/core/evaluation/plan.ts'
import { AppError } from '../../../../src/shared/errors.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-evaluation-'))
  await file('csgo_configs/exp5.yaml', "val_maps: ['de_nuke']\nckpt_path: ''\ndebug: True # quick\n")
  await file(
    'csgo_configs/test/exp5_gen.yaml',
    "# frames\nval_maps: ['de_nuke', 'de_dust2']\nckpt_path: 'old'\n",
  )
  await file('csgo_configs/test/exp5_loc.yaml', "test_maps: ['de_nuke']\nckpt_path: 'old' # here\n")
  for (const step of [400, 800]) await file(`outputs/csgo_1b/exp5/checkpoint-${step}/model.safetensors`, 'x')
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function file(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}
const checkpoint = (step: number) => `outputs/csgo_1b/exp5/checkpoint-${step}`
const plan = (request: Partial<EvaluationRequest>) =>
  planEvaluations(root, { workspace: root, checkpoints: [checkpoint(400)], tasks: ['gen'], ...request })

describe('planEvaluations', () => {
  test('copies the config of the task and changes the checkpoint, one command for each checkpoint and task', async () => {
    const plans = await plan({
      checkpoints: [checkpoint(400), checkpoint(800)],
      tasks: ['gen', 'loc'],
      gpus: '1',
    })
    expect(plans.map(({ argv, env }) => [...Object.entries(env).flat(), ...argv].join(' '))).toEqual([
      'CUDA_VISIBLE_DEVICES 1 python eval_csgo.py --csgo_config csgo_configs/test/exp5_gen_400.yaml',
      'CUDA_VISIBLE_DEVICES 1 python eval_csgo_loc.py --csgo_config csgo_configs/test/exp5_loc_400.yaml',
      'CUDA_VISIBLE_DEVICES 1 python eval_csgo.py --csgo_config csgo_configs/test/exp5_gen_800.yaml',
      'CUDA_VISIBLE_DEVICES 1 python eval_csgo_loc.py --csgo_config csgo_configs/test/exp5_loc_800.yaml',
    ])
    expect(plans[0]).toMatchObject({
      base: 'csgo_configs/test/exp5_gen.yaml',
      configState: 'new',
      maps: ['de_nuke', 'de_dust2'],
      resultFolder: 'outputs_eval/exp5_gen_400',
      problem: null,
    })
    expect(plans[0].edits).toEqual([
      { key: 'ckpt_path', before: "'old'", after: '"outputs/csgo_1b/exp5/checkpoint-400/model.safetensors"' },
    ])
  })

  test('narrows the maps and switches off the debugging of a training config', async () => {
    const [conti] = await plan({ tasks: ['gen-conti'], maps: ['de_dust2'], base: 'csgo_configs/exp5.yaml' })
    expect(conti.edits.map(({ key, after }) => [key, after])).toEqual([
      ['ckpt_path', '"outputs/csgo_1b/exp5/checkpoint-400/model.safetensors"'],
      ['val_maps', "['de_dust2']"],
      ['is_conti_gen', 'True'],
      ['debug', 'False'],
    ])
    expect(conti.config).toBe('csgo_configs/test/exp5_gen_conti_400.yaml')
  })

  test('says what is missing instead of guessing', async () => {
    await file('outputs/csgo_1b/other/checkpoint-1/model.safetensors', 'x')
    await mkdir(join(root, 'outputs/csgo_1b/exp5/checkpoint-900'), { recursive: true })
    const [other] = await plan({ checkpoints: ['outputs/csgo_1b/other/checkpoint-1'] })
    expect(other.problem).toBe('There is no config for other in csgo_configs. Choose one to copy.')
    const [empty] = await plan({ checkpoints: [checkpoint(900)] })
    expect(empty.problem).toBe(`${checkpoint(900)} holds no weights (model.safetensors).`)
    await expect(plan({ checkpoints: [checkpoint(1000)] })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('stays inside the workspace', async () => {
    await symlink(tmpdir(), join(root, 'outputs/away'))
    for (const path of ['../elsewhere', '/etc', 'outputs/away'])
      await expect(plan({ checkpoints: [path] })).rejects.toBeInstanceOf(AppError)
  })
})

describe('evaluation.start', () => {
  const started: (readonly string[])[] = []
  const handlers = () => {
    started.length = 0
    return evaluationHandlers({
      workspaceRoots: () => [root],
      start: async ({ argv }) => {
        started.push(argv)
        return { id: String(started.length) } as never
      },
    })
  }
  const request = () => ({ workspace: root, checkpoints: [checkpoint(400)], tasks: ['gen' as const] })

  test('writes the config once, comments kept, and uses it again', async () => {
    const { configs } = await handlers()['evaluation.start'](request())
    expect(configs).toEqual(['csgo_configs/test/exp5_gen_400.yaml'])
    expect(await readFile(join(root, configs[0]), 'utf8')).toBe(
      `# frames\nval_maps: ['de_nuke', 'de_dust2']\nckpt_path: "${checkpoint(400)}/model.safetensors"\n`,
    )
    expect((await handlers()['evaluation.start'](request())).configs).toEqual([])
    expect(started).toEqual([['python', 'eval_csgo.py', '--csgo_config', configs[0]]])
  })

  test('takes the next name when the file says something else', async () => {
    await file('csgo_configs/test/exp5_gen_400.yaml', 'val_maps: []\n')
    const { configs } = await handlers()['evaluation.start'](request())
    expect(configs).toEqual(['csgo_configs/test/exp5_gen_400_2.yaml'])
    expect(await readFile(join(root, 'csgo_configs/test/exp5_gen_400.yaml'), 'utf8')).toBe('val_maps: []\n')
  })

  test('starts nothing when one of several cannot be started', async () => {
    await file('outputs/csgo_1b/other/checkpoint-1/model.safetensors', 'x')
    const both = { ...request(), checkpoints: [checkpoint(400), 'outputs/csgo_1b/other/checkpoint-1'] }
    await expect(handlers()['evaluation.start'](both)).rejects.toMatchObject({ code: 'usage' })
    expect(started).toEqual([])
  })

  test('refuses folders that were not opened as a workspace', async () => {
    const call = handlers()['evaluation.plan']({ ...request(), workspace: tmpdir() })
    await expect(Promise.resolve(call)).rejects.toMatchObject({ code: 'permission' })
  })
})

test('the config of an experiment is found through longer folder names, but a number belongs to the name', () => {
  const configs = ['csgo_configs/test/exp5_gen.yaml', 'csgo_configs/exp5_1.yaml', 'csgo_configs/exp7_2.yaml']
  expect(baseConfigOf(configs, 'exp5_resume_from_checkpoint-46800', 'gen')).toBe(configs[0])
  expect(baseConfigOf(configs, 'exp5_1_debug', 'gen')).toBe(configs[1])
  expect(baseConfigOf(configs, 'exp7', 'gen')).toBeUndefined()
  expect(baseConfigOf(configs, 'exp7_2', 'loc')).toBe(configs[2])
})
