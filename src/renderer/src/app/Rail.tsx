import { Keyboard } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { railKeys, routes, type FeatureRoute } from '../features/routes.ts'
import { usePageTitle } from '../features/usePageTitle.ts'
import { IconButton } from '../ui/Button.tsx'
import { Hint } from '../ui/Hint.tsx'
import { showDialog } from './dialogs.ts'
import css from './Rail.module.css'

/** The pages, as icons with their names and keys. */
export function Rail() {
  const { t } = useTranslation()
  const entries = routes.filter(({ icon }) => icon !== undefined)
  return (
    <nav className={css.rail} aria-label={t('nav.label')}>
      {entries.map((route, index) => (
        <RailEntry key={route.path} route={route} keys={railKeys(index)} />
      ))}
      <IconButton
        icon={Keyboard}
        label={t('shortcuts.title')}
        keys="?"
        hintAt="right"
        className={css.entry}
        onClick={() => showDialog('shortcuts')}
      />
    </nav>
  )
}

function RailEntry({ route, keys }: { route: FeatureRoute; keys: string | undefined }) {
  const { feature, path, icon: Icon, isLast } = route
  const titleOf = usePageTitle()
  const [location] = useLocation()
  const isHere = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
  const title = titleOf(feature)
  if (!Icon) return null
  return (
    <Hint label={title} keys={keys} position="right">
      <Link
        href={path}
        className={css.entry}
        data-last={isLast || undefined}
        aria-label={title}
        aria-current={isHere ? 'page' : undefined}
      >
        <Icon size={18} strokeWidth={1.75} aria-hidden />
      </Link>
    </Hint>
  )
}
