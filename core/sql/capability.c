/* SPDX-License-Identifier: MIT */
#include "sql/capability.h"

const struct capability capabilities[] = {
	{RETORT_CAP_TX_DDL, "transactional-ddl"},
	{RETORT_CAP_SCHEMAS, "schemas"},
	{RETORT_CAP_COMMENTS, "comments"},
	{RETORT_CAP_ENUMS, "enum-types"},
	{RETORT_CAP_DOMAINS, "domains"},
	{RETORT_CAP_SEQUENCES, "sequences"},
	{RETORT_CAP_EXTENSIONS, "extensions"},
	{RETORT_CAP_MATERIALIZED, "materialized-views"},
	{RETORT_CAP_FUNCTIONS, "functions"},
	{RETORT_CAP_PROCEDURES, "procedures"},
	{RETORT_CAP_TRIGGERS, "triggers"},
	{RETORT_CAP_EXCLUDE, "exclude-constraints"},
	{RETORT_CAP_DEFERRABLE, "deferrable"},
	{RETORT_CAP_PARTIAL_INDEX, "partial-indexes"},
	{RETORT_CAP_EXPRESSION_INDEX, "expression-indexes"},
	{RETORT_CAP_INDEX_INCLUDE, "index-include"},
	{RETORT_CAP_INDEX_DESC, "descending-indexes"},
	{RETORT_CAP_INDEX_PREFIX, "prefix-indexes"},
	{RETORT_CAP_CONCURRENTLY, "concurrently"},
	{RETORT_CAP_NOT_VALID, "not-valid"},
	{RETORT_CAP_ALTER_CONSTRAINT, "alter-constraint"},
	{RETORT_CAP_IDENTITY_ALWAYS, "identity-always"},
	{RETORT_CAP_COMPUTED_VIRTUAL, "virtual-columns"},
	{RETORT_CAP_COMPUTED_STORED, "stored-columns"},
	{0, NULL},
};

const char *capability_word(uint64_t caps)
{
	for (const struct capability *row = capabilities; row->word; row++)
		if (caps & row->bit)
			return row->word;
	return "what this needs";
}
