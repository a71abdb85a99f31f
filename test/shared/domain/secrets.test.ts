import { describe, expect, it } from 'vitest'
import {
  isSecretName,
  mask,
  maskArguments,
  maskAssignments,
  maskEnvironment,
  secretNames,
} from '../../../src/shared/domain/secrets.ts'

describe('secrets', () => {
  it.each([
    'WANDB_API_KEY',
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'GITHUB_TOKEN',
    'DB_PASSWORD',
    'MY_SECRET',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    '--hub_token',
    '--push-to-hub-token',
    'apiKey',
    'OPENAI_API_KEY',
    'private_key',
  ])('treats %s as secret', (name) => expect(isSecretName(name)).toBe(true))
  it.each([
    'TOKENIZERS_PARALLELISM',
    'AWS_REGION',
    'CUDA_VISIBLE_DEVICES',
    'max_tokens',
    '--num_tokens',
    'pad_token',
    '--include_num_input_tokens_seen',
    'PATH',
    'monkey',
    'tokenizer',
    'keyboard',
  ])('shows %s', (name) => expect(isSecretName(name)).toBe(false))

  it('masks arguments in all their forms and leaves the others alone', () => {
    expect(
      maskArguments([
        'train.py',
        '--hub_token',
        'abc',
        '--hub_token=def',
        'WANDB_API_KEY=x1',
        '--lr',
        '1e-4',
        '--token',
        '--flag',
        '--name',
        'hf_abcdefghijklmnopqrstuvwx',
        '--proxy',
        'http://me:pass@host/x',
      ]),
    ).toEqual([
      'train.py',
      '--hub_token',
      mask,
      `--hub_token=${mask}`,
      `WANDB_API_KEY=${mask}`,
      '--lr',
      '1e-4',
      '--token',
      '--flag',
      '--name',
      mask,
      '--proxy',
      `http://me:${mask}@host/x`,
    ])
  })

  it('masks the environment and names what it masked', () => {
    const environment = {
      HF_TOKEN: 'hf_x',
      EMPTY_TOKEN: '',
      CUDA_VISIBLE_DEVICES: '0',
      PROXY: 'https://u:p@h',
      GONE: undefined,
    }
    expect(maskEnvironment(environment)).toEqual({
      HF_TOKEN: mask,
      EMPTY_TOKEN: '',
      CUDA_VISIBLE_DEVICES: '0',
      PROXY: `https://u:${mask}@h`,
    })
    expect(secretNames(environment)).toEqual(['HF_TOKEN', 'PROXY'])
  })

  it('masks assignments inside text and keeps placeholders', () => {
    expect(maskAssignments(`login password='a b' token: xyz hub_token=<HUB_TOKEN> lr=1e-4`)).toBe(
      `login password=${mask} token: ${mask} hub_token=<HUB_TOKEN> lr=1e-4`,
    )
  })
})
