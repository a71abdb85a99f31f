import { describe, expect, it } from 'vitest'
import { launchHints, type HintFacts } from '../../../../src/shared/domain/launch/hints.ts'
import { sameValue } from '../../../../src/shared/domain/launch/hints/settings.ts'
import { formFromCommand } from '../../../../src/shared/domain/launch/launchForm.ts'
import { parseShell } from '../../../../src/shared/domain/shellWords.ts'

const hints = (line: string, facts?: HintFacts) => {
  const { env, argv } = parseShell(line).commands[0]
  return launchHints(formFromCommand({ env, argv }), facts)
}
const ids = (line: string, facts?: HintFacts) => hints(line, facts).map(({ id }) => id)
const fine =
  'CUDA_VISIBLE_DEVICES=0 MASTER_PORT=29504 WORLD_SIZE=1 python train_csgo.py --csgo_config csgo_configs/exp5.yaml --output_dir outputs/csgo_1b/exp5 --deepspeed deepspeed_scripts/zero0.json'

describe('launchHints', () => {
  it('has nothing to say about a sound command', () => {
    expect(
      hints(fine, {
        experiment: 'exp5',
        isPortFree: true,
        gpus: [{ index: 0, memoryUsedMiB: 10, memoryTotalMiB: 80_000, utilisationPercent: 0 }],
        checkpointSteps: [],
        config: {},
      }),
    ).toEqual([])
  })

  it('warns about ranks without a launcher', () => {
    expect(ids(fine.replace('WORLD_SIZE=1', 'WORLD_SIZE=2').replace('DEVICES=0', 'DEVICES=0,1'))).toEqual([
      'world-size-without-launcher',
      'ranks-without-launcher',
    ])
    expect(
      ids(fine.replace('python', 'torchrun --nproc_per_node=2').replace('DEVICES=0', 'DEVICES=0,1')),
    ).toEqual([])
    expect(ids(fine.replace('python', 'torchrun --nproc_per_node=2'))).toEqual(['gpu-count'])
  })

  it('warns about a taken port and busy or missing GPUs', () => {
    const gpus = [{ index: 0, memoryUsedMiB: 60_000, memoryTotalMiB: 80_000 }]
    expect(ids(fine, { isPortFree: false, gpus })).toEqual(['port-in-use', 'gpu-busy'])
    expect(ids(fine.replace('DEVICES=0', 'DEVICES=7'), { gpus })).toEqual(['gpu-missing'])
    expect(ids(fine, { gpus: [] })).toEqual(['gpu-missing'])
  })

  it('says that training goes on from the newest checkpoint', () => {
    expect(hints(fine, { checkpointSteps: [2000, 12_000] })).toMatchObject([
      { id: 'checkpoints-exist', message: expect.stringContaining('step 12000') as string },
    ])
  })

  it.each([
    ['exp5', 'exp5', 'exp5_debug', 0],
    ['exp4_7', 'exp4_6', 'exp4_6', 1],
    ['exp5', 'exp5', 'exp6', 1],
    ['exp4_3~6', 'exp4_5_1', 'exp4_5_1', 0],
    ['exp4_5_2', 'exp4_5_2', 'exp4_5_2_2cuda', 0],
    ['exp5', 'exp5_1', 'exp5_1', 1],
    ['exp4', 'exp4', 'exp4_10', 1],
  ])('compares names: experiment %s, config %s, folder %s', (experiment, config, folder, count) => {
    const line = fine.replace('exp5.yaml', `${config}.yaml`).replace('csgo_1b/exp5', `csgo_1b/${folder}`)
    expect(ids(line, { experiment }).filter((id) => id === 'names-differ')).toHaveLength(count)
  })

  it('lets a test use the config of a child', () => {
    expect(
      ids('python eval_csgo.py --csgo_config csgo_configs/test/exp2_1.yaml', { experiment: 'exp2' }),
    ).toEqual([])
    expect(
      ids('python eval_csgo_loc.py --csgo_config csgo_configs/test/exp4_3_loc_65_1e-4.yaml', {
        experiment: 'exp4_3',
      }),
    ).toEqual([])
    expect(
      ids('python eval_csgo.py --csgo_config csgo_configs/test/exp3.yaml', { experiment: 'exp2' }),
    ).toEqual(['names-differ'])
  })

  it('names settings that switch each other off or are overridden', () => {
    expect(ids(fine, { config: { is_multi_task_balanced: true, task_mix_ratio: 1 } })).toEqual([
      'mix-ratio-ignored',
    ])
    expect(ids(fine, { config: { is_multi_task_balanced: false, task_mix_ratio: 1 } })).toEqual([])
    expect(
      hints(
        `${fine.replace('zero0', 'zero2')} --learning_rate 1e-4 --fix_llm True --lora_r 64 --lr_scheduler_kwargs x`,
        { config: { learning_rate: 0.0005, fix_llm: true, lora_r: 32 } },
      ).map(({ about }) => about),
    ).toEqual(['--deepspeed', '--lr_scheduler_kwargs', '--learning_rate', '--lora_r'])
  })

  it('checks values, missing and repeated arguments', () => {
    expect(ids('python train_csgo.py --n_query x --n_query 256')).toEqual([
      'missing-argument',
      'bad-value',
      'repeated-flag',
    ])
    expect(ids('python someone_elses_train.py --anything goes')).toEqual([])
  })

  it('compares written values with YAML values by meaning', () => {
    expect([
      sameValue('1e-4', 0.0001),
      sameValue('False', false),
      sameValue('0.', 0),
      sameValue('a', 'a'),
      sameValue('1e-4', '1e-4'),
    ]).toEqual([true, true, true, true, true])
    expect([sameValue('', 0), sameValue('True', false), sameValue('2', 3)]).toEqual([false, false, false])
  })
})
