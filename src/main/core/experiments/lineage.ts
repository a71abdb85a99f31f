/** Says which experiment another one was built from. */
import type { BaseReason } from '../../../shared/contract/experiments.ts'
import { experimentId, type LabLink, type LabSection } from '../../../shared/domain/labBook.ts'

/** `mention` is the words of the log that name it, such as `exp4_5_1_lr1e-4_locditproj`, and `line` where they stand. */
export type Base = { name: string; why: BaseReason; mention?: string; line?: number }

/**
 * The base of an experiment: what the user said; `copy from X` in its notes; the experiment that its first note or
 * group title begins with; the experiment whose name it extends (`exp5_1` extends `exp5`); the section it lies in.
 *
 * @param chosen what the user set in the studio.
 */
export function baseOf(
  section: LabSection,
  sections: readonly LabSection[],
  links: readonly LabLink[],
  chosen: string | null,
): Base | null {
  if (chosen !== null) return { name: chosen, why: 'chosen' }
  const own = links.filter(
    ({ from, to, line }) =>
      from === section.name && to !== null && line >= section.lines[0] && line <= section.lines[1],
  )
  const copied = own.find(({ kind }) => kind === 'copied-from')
  if (copied?.to) return { name: copied.to, why: 'copied', mention: copied.mention, line: copied.line }
  const first = section.notes.find(({ kind }) => kind === 'bullet' || kind === 'group' || kind === 'text')
  const isFirst = ({ line, kind, mention }: LabLink) =>
    kind === 'mention' && line === first?.line && first.text.replace(/^\W+/, '').startsWith(mention)
  const named = own.find(isFirst)
  if (named?.to) return { name: named.to, why: 'first-note', mention: named.mention, line: named.line }
  const id = experimentId(section.name)
  if (id !== undefined) {
    // The longest name that this one extends: exp4_5_1 extends exp4_5 before exp4.
    const shorter = sections
      .filter(
        ({ name, isExperiment }) =>
          isExperiment &&
          name !== section.name &&
          experimentId(name) !== undefined &&
          section.name.startsWith(`${experimentId(name)!}_`),
      )
      .sort((a, b) => b.name.length - a.name.length)[0]
    if (shorter) return { name: shorter.name, why: 'longer-name' }
  }
  return section.parent === null ? null : { name: section.parent, why: 'sub-section' }
}
