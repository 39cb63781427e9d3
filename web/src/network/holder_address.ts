/** Where a key holder is asked: at its own address, or through the member's own machine where that serves the page. */

export const holderAddress = (holder: { number: number; url: string }): string =>
  document.documentElement.dataset['local'] && holder.url.includes('://') ? `/holders/${holder.number}` : holder.url
