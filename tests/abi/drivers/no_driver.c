/* SPDX-License-Identifier: MIT
 * Some other program's plugin. */
__attribute__((visibility("default"))) int plugin_start(void);

int plugin_start(void)
{
	return 1;
}
