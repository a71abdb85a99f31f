import type { Command } from '../command.ts'

const sign = { ok: '✓', missing: '·', problem: '✗' } as const

export const doctor: Command = {
  name: 'doctor',
  summary: 'Checks versions, providers, ffmpeg, Python, weights and the database, and says what to do.',
  flags: [],
  async run({ session, out }) {
    const { version, checks } = await session.call('system.doctor', {})
    for (const check of checks) out.json({ type: 'check', ...check })
    out.json({ type: 'result', version, ok: checks.every(({ status }) => status !== 'problem') })
    out.print(`Parallax ${version}\n`)
    let area = ''
    for (const check of checks) {
      if (check.area !== area) out.print(`${area === '' ? '' : '\n'}${check.area}`)
      area = check.area
      out.print(`  ${sign[check.status]} ${check.name.padEnd(24)} ${check.found}`)
      if (check.hint !== undefined && check.status !== 'ok') out.print(`    ${check.hint}`)
    }
    return checks.some(({ status }) => status === 'problem') ? 1 : 0
  },
}
