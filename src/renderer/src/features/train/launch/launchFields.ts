/** The arguments of a form in the sections of its script's description: what is set, and what could be. */
import {
  canonicalFlag,
  findArgument,
  type ArgumentSpec,
} from '../../../../../shared/domain/launch/argumentSpec.ts'
import { catalogueOf } from '../../../../../shared/domain/launch/catalogue.ts'
import {
  withFlag,
  withItemValues,
  withoutItem,
  type LaunchForm,
  type LaunchItem,
} from '../../../../../shared/domain/launch/launchForm.ts'
import { mask } from '../../../../../shared/domain/secrets.ts'
import { parseShell, quoteShellWord } from '../../../../../shared/domain/shellWords.ts'

/** One line of the form. Without an item the argument is not on the command line; without a spec nobody described it. */
export type LaunchField = {
  /** Stays the same when the argument is set or removed, so that the focus stays. */
  key: string
  spec: ArgumentSpec | undefined
  item: LaunchItem | undefined
}

/** `title` is the heading of the description; '' for arguments nobody described. */
export type LaunchSection = { title: string; fields: LaunchField[] }

/**
 * Sections in the order of the description, undescribed arguments last.
 *
 * @param show `unset` lists arguments that are not set as well; `text` keeps those whose name or help has it.
 * @param helpOf help in the language of the page.
 */
export function launchSections(
  form: LaunchForm,
  show: { unset: boolean; text?: string } = { unset: false },
  helpOf: (spec: ArgumentSpec) => string = ({ help }) => help,
): LaunchSection[] {
  const specs = catalogueOf(form.script ?? undefined)?.args ?? []
  const items = new Map<ArgumentSpec, LaunchItem[]>()
  const undescribed: LaunchItem[] = []
  for (const item of form.items) {
    const spec = item.flag === null ? undefined : findArgument(specs, item.flag)
    if (spec) items.set(spec, [...(items.get(spec) ?? []), item])
    else undescribed.push(item)
  }
  const text = show.text?.trim().toLowerCase() ?? ''
  const isFound = (name: string, help = '') =>
    text === '' || name.toLowerCase().includes(text) || help.toLowerCase().includes(text)
  const sections = new Map<string, LaunchSection>()
  for (const spec of specs) {
    const section = sections.get(spec.section) ?? { title: spec.section, fields: [] }
    sections.set(spec.section, section)
    const own = items.get(spec)
    if (!isFound(spec.flag, helpOf(spec))) continue
    // A search finds what is not set, too: that is what one searches for.
    if (!own && (show.unset || spec.isRequired || text !== ''))
      section.fields.push({ key: `${spec.flag}#0`, spec, item: undefined })
    own?.forEach((item, index) => section.fields.push({ key: `${spec.flag}#${index}`, spec, item }))
  }
  const rest = undescribed
    .filter(({ flag, values }) => isFound(flag ?? values.join(' ')))
    .map((item): LaunchField => ({ key: `item#${item.id}`, spec: undefined, item }))
  return [
    ...[...sections.values()].filter(({ fields }) => fields.length > 0),
    ...(rest.length > 0 ? [{ title: '', fields: rest }] : []),
  ]
}

/** How many described arguments are not on the command line. */
export function unsetCount({ script, items }: LaunchForm): number {
  const specs = catalogueOf(script ?? undefined)?.args ?? []
  const set = new Set(items.map(({ flag }) => (flag === null ? undefined : findArgument(specs, flag))))
  return specs.filter((spec) => !set.has(spec)).length
}

/** The values of an item as one line of text; several are written as a shell would need them. */
export const itemText = ({ values, style }: LaunchItem): string =>
  style === 'equals' || values.length === 1 ? (values[0] ?? '') : values.map(quoteShellWord).join(' ')

/** Values from one line of text for an argument that takes several; the text itself where quotes do not close. */
export function valuesFromText(text: string): string[] {
  const { commands } = parseShell(`x ${text}`)
  if (commands.length !== 1 || commands[0].problems.length > 0 || commands[0].redirects.length > 0)
    return [text]
  return commands[0].argv.slice(1)
}

/** The form with the text of a field changed; a field that is not set yet is added. */
export function withFieldText(form: LaunchForm, { spec, item }: LaunchField, text: string): LaunchForm {
  const isList = spec?.type === 'list' || (spec === undefined && (item?.values.length ?? 0) > 1)
  const values = isList ? valuesFromText(text) : [text]
  if (item) return withItemValues(form, item.id, values)
  return spec && text !== '' ? withFlag(form, spec.flag, ...values) : form
}

/** The form with a switch turned on or off. */
export function withSwitch(form: LaunchForm, { spec, item }: LaunchField, isOn: boolean): LaunchForm {
  if (item) return isOn ? form : withoutItem(form, item.id)
  return isOn && spec ? withFlag(form, spec.flag) : form
}

/** The item that stood in the place of a field in another form: of the same flag, as often repeated. */
export function counterpart(other: LaunchForm, form: LaunchForm, item: LaunchItem): LaunchItem | undefined {
  const same = (one: LaunchItem) =>
    item.flag === null
      ? one.flag === null
      : one.flag !== null && canonicalFlag(one.flag) === canonicalFlag(item.flag)
  const place = form.items.filter(same).findIndex(({ id }) => id === item.id)
  return other.items.filter(same)[place]
}

/** Whether an item has other values than in the recorded form, or was not in it. */
export function isChanged(recorded: LaunchForm | undefined, form: LaunchForm, item: LaunchItem): boolean {
  if (!recorded) return false
  const before = counterpart(recorded, form, item)
  return before === undefined || before.values.join('\0') !== item.values.join('\0')
}

/** Names of variables and flags whose value is a mask: a finished process is kept without its secrets. */
export function maskedNames(form: LaunchForm): string[] {
  const items = [...form.stages.flatMap((stage) => stage.items), ...form.items]
  return [
    ...form.env.filter(({ value }) => value.includes(mask)).map(({ name }) => name),
    ...items
      .filter(({ values }) => values.some((value) => value.includes(mask)))
      .map(({ flag }) => flag ?? mask),
  ]
}
