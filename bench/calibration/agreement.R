# Coefficients of agreement by psych and vegan of a table (projects × experts, comma-separated, no header).
asked <- commandArgs(TRUE)
table <- as.matrix(read.csv(asked[1], header = FALSE))
tell <- function(name, value) cat(name, sprintf("%.17g", value), "\n")
if (requireNamespace("psych", quietly = TRUE)) {
  found <- suppressMessages(psych::ICC(table, lmer = FALSE))$results
  names <- c(ICC1 = "icc1", ICC2 = "icc2", ICC3 = "icc3", ICC1k = "icc1k", ICC2k = "icc2k", ICC3k = "icc3k")
  for (row in seq_len(nrow(found))) tell(names[[found$type[row]]], found$ICC[row])
}
if (requireNamespace("vegan", quietly = TRUE)) {
  found <- vegan::kendall.global(table)$Concordance_analysis
  tell("kendall_w", found["W", 1])
}
