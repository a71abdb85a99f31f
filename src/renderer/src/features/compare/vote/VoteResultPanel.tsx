import { FileDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StoredVote, VoteSession } from '../../../../../shared/contract/compare.ts'
import { countVotes } from '../../../../../shared/domain/compare/votes.ts'
import { engine } from '../../../api/connection.ts'
import { Button } from '../../../ui/Button.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { saveText } from '../../../ui/saveText.ts'
import css from './VotePage.module.css'

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** Who was preferred, how sure that is, and the votes as files. */
export function VoteResultPanel({ session, votes }: { session: VoteSession; votes: readonly StoredVote[] }) {
  const { t } = useTranslation('compare')
  const result = countVotes(votes, session.runIds.length)
  const order = session.labels
    .map((label, candidate) => ({ label, candidate }))
    .sort((a, b) => (result.shares[b.candidate]?.share ?? 0) - (result.shares[a.candidate]?.share ?? 0))
  const [first, second] = order
  const isClear = result.strengths
    ? (result.strengths[first.candidate]?.low ?? -1) > (result.strengths[second.candidate]?.high ?? 0)
    : (result.shares[first.candidate]?.low ?? 0) > 0.5
  const download = async (format: 'csv' | 'json') => {
    const { text, fileName } = await engine().call('compare.exportVotes', { sessionId: session.id, format })
    saveText(text, fileName)
  }
  return (
    <Panel
      title={isClear ? t('vote.clear', { run: first.label }) : t('vote.unclear')}
      note={`${t('vote.votes', { count: result.votes })} · ${t('vote.ties', { count: result.ties })}`}
      actions={
        <>
          <Button size="small" icon={FileDown} onClick={() => void download('csv')}>
            {t('vote.csv')}
          </Button>
          <Button size="small" icon={FileDown} onClick={() => void download('json')}>
            {t('vote.json')}
          </Button>
        </>
      }
    >
      <table className={css.result}>
        <thead>
          <tr>
            <th>{t('vote.run')}</th>
            <th>{t('vote.share')}</th>
            <th>{t('vote.interval')}</th>
            <th aria-hidden />
            {result.strengths && <th>{t('vote.strength')}</th>}
          </tr>
        </thead>
        <tbody>
          {order.map(({ label, candidate }) => {
            const share = result.shares[candidate]
            const strength = result.strengths?.[candidate]
            return (
              <tr key={candidate}>
                <th scope="row" translate="no">
                  <i style={{ background: `var(--run-${(candidate % 7) + 1})` }} aria-hidden />
                  {label}
                </th>
                <td>{share ? percent(share.share) : '·'}</td>
                <td>{share ? `${percent(share.low)} – ${percent(share.high)}` : '·'}</td>
                <td className={css.whiskers}>
                  {share && (
                    <span aria-hidden>
                      <i
                        style={{
                          left: percent(share.low).replace(' ', ''),
                          width: percent(share.high - share.low).replace(' ', ''),
                        }}
                      />
                      <b
                        style={{
                          left: percent(share.share).replace(' ', ''),
                          background: `var(--run-${(candidate % 7) + 1})`,
                        }}
                      />
                    </span>
                  )}
                </td>
                {result.strengths && (
                  <td>
                    {strength
                      ? `${strength.log.toFixed(2)}  (${strength.low.toFixed(2)} – ${strength.high.toFixed(2)})`
                      : '·'}
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className={css.note}>
        {t('vote.shareNote')}
        {result.strengths && `; ${t('vote.strengthNote')}`}
      </p>
    </Panel>
  )
}
