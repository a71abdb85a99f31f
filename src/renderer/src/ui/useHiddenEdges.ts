import { useEffect, useState, type RefObject } from 'react'

/** Sides on which a scroller has more than it shows. */
export type HiddenEdges = { isLeft: boolean; isRight: boolean }

/** Tells on which sides something is out of sight, so that a fade can say so; followed as sizes and position change. */
export function useHiddenEdges(scroller: RefObject<HTMLElement | null>): HiddenEdges {
  const [edges, setEdges] = useState<HiddenEdges>({ isLeft: false, isRight: false })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element
      // Widths are rounded, so one pixel more is none.
      const next = { isLeft: scrollLeft > 1, isRight: scrollWidth - clientWidth - scrollLeft > 1 }
      setEdges((old) => (old.isLeft === next.isLeft && old.isRight === next.isRight ? old : next))
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [scroller])
  return edges
}
