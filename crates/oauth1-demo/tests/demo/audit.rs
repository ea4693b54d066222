//! What every page must hold, whatever it says: it can be read on a phone, by a screen reader, in light
//! and in dark colours, and needs no script.

use crate::chromium::Chromium;

/// Returns what is wrong with a page.
const AUDIT: &str = r"
const wrong = [];
const all = (selector) => [...document.querySelectorAll(selector)];
if (!document.documentElement.lang) wrong.push('no language');
if (!document.title.trim()) wrong.push('no title');
if (all('h1').length !== 1) wrong.push(all('h1').length + ' headings of the first rank');
if (all('main').length !== 1) wrong.push('no main part');
if (all('script, iframe, [style], [onclick]').length) wrong.push('a script, a frame or a style within');
if (!document.styleSheets.length) wrong.push('no stylesheet');
for (const field of all('input:not([type=hidden]), textarea')) {
  if (!field.labels.length) wrong.push('no label: ' + field.outerHTML);
  if (field.getAttribute('aria-describedby') && !document.getElementById(field.getAttribute('aria-describedby')))
    wrong.push('described by nothing: ' + field.outerHTML);
}
for (const it of all('button, a')) if (!it.textContent.trim()) wrong.push('no text: ' + it.outerHTML);
const ids = all('[id]').map((it) => it.id);
if (new Set(ids).size !== ids.length) wrong.push('an id that is there twice');
const width = document.documentElement.scrollWidth;
if (width > window.innerWidth) wrong.push(width + ' pixels wide in a window of ' + window.innerWidth);

// Contrast, as WCAG 2.2 computes it (1.4.3: 4.5 to 1).
const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
const luminance = (colour) => {
  const [r, g, b] = parts(colour).map((it) => it / 255)
    .map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let it = element; it; it = it.parentElement) {
    const colour = getComputedStyle(it).backgroundColor;
    if ((parts(colour)[3] ?? 1) > 0.99) return colour;
  }
  return 'rgb(255, 255, 255)';
};
let texts = 0;
for (const element of all('body *')) {
  const own = [...element.childNodes].some((it) => it.nodeType === 3 && it.textContent.trim());
  if (!own && !element.matches('input, textarea')) continue;
  texts += 1;
  const [a, b] = [getComputedStyle(element).color, ground(element)].map(luminance);
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) wrong.push('contrast ' + ratio.toFixed(2) + ': ' + element.outerHTML.slice(0, 120));
}
if (!texts) wrong.push('no text');
return wrong;
";

/// Looks at the page that is open, in both colour schemes.
pub(crate) async fn page(browser: &Chromium, heading: &str) {
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        let is_dark = browser
            .run("return matchMedia('(prefers-color-scheme: dark)').matches")
            .await;
        assert_eq!(
            is_dark,
            scheme == "dark",
            "the browser prefers something else"
        );
        let wrong = browser.run(AUDIT).await;
        let wrong = wrong.as_array().unwrap();
        assert!(wrong.is_empty(), "{heading}, {scheme}: {wrong:#?}");
    }
    browser.prefer("light").await;
}
