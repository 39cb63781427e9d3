/** Sentences that Python and the page share are written plainly; as set on the page: curled apostrophes, no-break spaces. */
export const typeset = (text: string): string =>
  text.replaceAll("'", '’').replace(/ (?=[;:?!»])|(?<=«) |(?<=\d) (?=\d{3}(?!\d)|[€%])/g, '\u202f')
