/** What the label of a command says, as short pieces for people. */
import type { CommandLabels } from '../../../../shared/domain/labBook.ts'

export type LabelChip = {
  kind:
    | 'run'
    | 'step'
    | 'machine'
    | 'rate'
    | 'batch'
    | 'state'
    | 'value'
    | 'pending'
    | 'setting'
    | 'date'
    | 'remark'
  text: string
}

/** Every fact of a label; what is left of it as the user's own words. */
export function labelChips(labels: CommandLabels): LabelChip[] {
  const chips = (kind: LabelChip['kind'], texts: readonly (string | number)[] | undefined): LabelChip[] =>
    (texts ?? []).map((text) => ({ kind, text: String(text) }))
  const named = (values: Readonly<Record<string, string | number>> | undefined) =>
    Object.entries(values ?? {}).map(([name, value]) => `${name} ${value}`)
  return [
    ...chips('run', labels.run === undefined ? [] : [labels.run]),
    ...chips('state', labels.states),
    ...chips('step', labels.steps),
    ...chips('machine', labels.machines),
    ...chips('rate', labels.learningRates),
    ...chips('batch', labels.batchSizes),
    ...chips('value', named(labels.losses)),
    ...chips('value', named(labels.scores)),
    ...chips('pending', labels.pending),
    ...chips('setting', named(labels.settings)),
    ...chips('date', labels.dates),
    ...chips('remark', labels.remarks),
  ]
}
