/** Hints about settings that are ignored, replaced, missing or no value of their argument. */
import { findArgument, fitsArgument, type ArgumentSpec } from '../argumentSpec.ts'
import { baseName, catalogueOf } from '../catalogue.ts'
import { findItem, valueOf, type LaunchForm, type LaunchItem } from '../launchForm.ts'
import { hintOf, type HintFacts, type LaunchHint } from './hint.ts'
import type { HintTextId, HintValues } from './texts.ts'

/** Arguments that the YAML config overrides when it has the same key. */
const overriddenByYaml =
  'learning_rate weight_decay warmup_ratio lr_scheduler_type lora_r lora_alpha lora_dropout fix_dit fix_connect fix_vit fix_llm loc_token_lr'.split(
    ' ',
  )

/** Settings that switch each other off, and flags that the program overrides. */
export function settingHints(form: LaunchForm, { config }: HintFacts): LaunchHint[] {
  const hints: LaunchHint[] = []
  if (config && isTrue(config.is_multi_task_balanced) && config.task_mix_ratio !== undefined)
    hints.push(
      hintOf(
        'mix-ratio-ignored',
        'warning',
        'mixRatioIgnored',
        { ratio: shown(config.task_mix_ratio) },
        'task_mix_ratio',
      ),
    )
  if (baseName(form.script ?? '') !== 'train_csgo.py') return hints
  const path = valueOf(form, '--deepspeed')
  if (path !== undefined && path !== 'deepspeed_scripts/zero0.json')
    hints.push(hintOf('overridden', 'warning', 'deepspeedIgnored', { path }, '--deepspeed'))
  if (findItem(form, '--lr_scheduler_kwargs'))
    hints.push(hintOf('overridden', 'warning', 'schedulerIgnored', {}, '--lr_scheduler_kwargs'))
  for (const key of overriddenByYaml) {
    const flag = `--${key}`
    const written = valueOf(form, flag)
    const value = config?.[key]
    if (written === undefined || value === undefined || value === null || sameValue(written, value)) continue
    hints.push(hintOf('overridden', 'warning', 'yamlWins', { flag, written, value: shown(value) }, flag))
  }
  if (valueOf(form, '--dataloader_num_workers') === '0')
    hints.push(hintOf('overridden', 'info', 'workersReplaced', {}, '--dataloader_num_workers'))
  return hints
}

/** Arguments that are missing, repeated, or have a value that is none of theirs. */
export function valueHints(form: LaunchForm): LaunchHint[] {
  const specs = catalogueOf(form.script ?? undefined)?.args ?? []
  const itemsOf = new Map<ArgumentSpec, LaunchItem[]>()
  for (const item of form.items) {
    const spec = item.flag === null ? undefined : findArgument(specs, item.flag)
    if (spec) itemsOf.set(spec, [...(itemsOf.get(spec) ?? []), item])
  }
  return specs.flatMap((spec) => {
    const { flag } = spec
    const items = itemsOf.get(spec) ?? []
    const hints: LaunchHint[] = []
    if (items.length === 0 && spec.isRequired)
      hints.push(hintOf('missing-argument', 'error', 'missingArgument', { flag }, flag))
    if (items.length > 1)
      hints.push(hintOf('repeated-flag', 'warning', 'repeatedFlag', { flag, count: items.length }, flag))
    for (const { values } of items) {
      const fault = valueFault(spec, values[0])
      if (fault) hints.push(hintOf('bad-value', 'error', fault.text, fault.values, flag))
    }
    return hints
  })
}

const faultTexts = {
  int: 'badInt',
  float: 'badFloat',
  bool: 'badBool',
  choice: 'badChoice',
} as const satisfies Partial<Record<ArgumentSpec['type'], HintTextId>>

/** What is wrong with the value of an argument; it may be left out of switches. */
export function valueFault(
  spec: ArgumentSpec,
  value: string | undefined,
): { text: HintTextId; values: HintValues } | undefined {
  const { flag, type, choices = [] } = spec
  if (value === undefined)
    return type === 'switch' || type === 'bool' ? undefined : { text: 'noValue', values: { flag } }
  if (fitsArgument(spec, value) || !(type in faultTexts)) return undefined
  const text = faultTexts[type as keyof typeof faultTexts]
  return { text, values: { flag, value, ...(type === 'choice' ? { choices: choices.join(', ') } : {}) } }
}

const isTrue = (value: unknown) => value === true || (typeof value === 'string' && /^true$/i.test(value))
const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Whether a written value and a YAML value mean the same: `1e-4` and 0.0001, `False` and false. */
export function sameValue(written: string, value: unknown): boolean {
  if (typeof value === 'boolean') return written.toLowerCase() === String(value)
  if (typeof value === 'number') return written.trim() !== '' && Number(written) === value
  const text = String(value)
  return written === text || (text.trim() !== '' && written.trim() !== '' && Number(written) === Number(text))
}
