/** Sections of a lab book, and which of them are experiments. */
import { experimentId, type LabSection } from '../../../../shared/domain/labBook.ts'

/** A section without content. `line` counts from 1. */
export function newSection(name: string, level: number, line: number): LabSection {
  return {
    name,
    level,
    parent: null,
    lines: [line, line],
    notes: [],
    commands: [],
    isExperiment: false,
    runs: [],
    environment: [],
    shell: [],
  }
}

/** Whether a section holds anything besides its heading. */
export const hasContent = ({ notes, commands, environment, shell }: LabSection): boolean =>
  notes.length + commands.length + environment.length + shell.length > 0

/**
 * Marks the experiments and their parents: all sections from level 2 on. A level-1 heading is usually a part of the
 * book; it counts when it holds commands itself, bears an experiment's name, or the book has no deeper headings.
 */
export function markExperiments(sections: readonly LabSection[]): void {
  const isFlat = sections.every(({ level }) => level <= 1)
  const open: LabSection[] = []
  for (const section of sections) {
    const { level, name, commands } = section
    section.isExperiment =
      level >= 2 ||
      commands.length > 0 ||
      (level === 1 && (/^\S+$/.test(name) ? experimentId(name) !== undefined : isFlat && hasContent(section)))
    while (open.length > 0 && open.at(-1)!.level >= level) open.pop()
    section.parent = open.findLast(({ isExperiment }) => isExperiment)?.name ?? null
    if (level > 0) open.push(section)
  }
}
