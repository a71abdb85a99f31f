import { ImageOff } from 'lucide-react'
import { useState } from 'react'
import css from './Thumb.module.css'
import { classes } from './classes.ts'

/** A small picture with a fixed shape, so that nothing moves when it arrives; says when it cannot be shown. */
export function Thumb({
  src,
  alt,
  ratio = '16 / 9',
  className,
}: {
  src: string | undefined
  alt: string
  ratio?: string
  className?: string
}) {
  const [broken, setBroken] = useState<string>()
  return (
    <span className={classes(css.thumb, className)} style={{ aspectRatio: ratio }}>
      {src !== undefined && broken !== src && (
        <img
          src={src}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(src)}
        />
      )}
      {src !== undefined && broken === src && <ImageOff size={16} strokeWidth={1.5} aria-label={alt} />}
    </span>
  )
}
