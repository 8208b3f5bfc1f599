/* SPDX-License-Identifier: MIT
 *
 * cli/draw_page.h: style and script of the page, page.css and page.js, which the build makes into text.
 */
#ifndef RETORT_CLI_DRAW_PAGE_H
#define RETORT_CLI_DRAW_PAGE_H

extern const char draw_page_style[], draw_page_script[];

#endif
