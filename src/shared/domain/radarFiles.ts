/** The radar picture of each map, as it lies in `data/preprocessed_data/<map>/`. */

/** Radar pictures are addressed in a square of this many pixels, whatever their real size. */
export const radarUnits = 1024

const radarFiles: Readonly<Record<string, string>> = {
  de_dust2: 'de_dust2_radar_psd.png',
  de_inferno: 'de_inferno_radar_psd.png',
  de_mirage: 'de_mirage_radar_psd.png',
  de_nuke: 'de_nuke_blended_radar_psd.png',
  de_ancient: 'de_ancient_radar_psd.png',
  de_anubis: 'de_anubis_radar_psd.png',
  de_golden: 'de_golden_radar_tga.png',
  de_overpass: 'de_overpass_radar_psd.png',
  de_palacio: 'de_palacio_radar_tga.png',
  de_train: 'de_train_blended_radar_psd.png',
  de_vertigo: 'de_vertigo_blended_radar_psd.png',
  cs_agency: 'cs_agency_radar_tga.png',
  cs_italy: 'cs_italy_radar_psd.png',
  cs_office: 'cs_office_radar_psd.png',
}

/** File name of a map's radar; maps not in the table are tried as `<map>_radar_psd.png`. */
export function radarFileOf(map: string): string {
  return Object.hasOwn(radarFiles, map) ? radarFiles[map] : `${map}_radar_psd.png`
}
