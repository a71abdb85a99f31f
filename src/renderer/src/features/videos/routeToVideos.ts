/** The Videos page with these folders in its form. */
export const routeToVideos = (predictionDir: string, referenceDir?: string): string => {
  const query = new URLSearchParams({
    prediction: predictionDir,
    ...(referenceDir === undefined ? {} : { reference: referenceDir }),
  })
  return `/videos?${query.toString()}`
}
