# Fit lme4 to scores in a binary file and print what it finds; or write a data set that ships with lme4 as such a file.
#   Rscript lme4.R fit FILE default|tight REPEATS
#   Rscript lme4.R data Penicillin|InstEval FILE
suppressPackageStartupMessages(library(lme4))
asked <- commandArgs(TRUE)

if (asked[1] == "data") {
  d <- get(asked[2])
  rater <- if (asked[2] == "InstEval") d$s else d$sample
  item <- if (asked[2] == "InstEval") d$d else d$plate
  score <- if (asked[2] == "InstEval") d$y else d$diameter
  out <- file(asked[3], "wb")
  writeBin(length(score), out)
  writeBin(as.integer(factor(rater)) - 1L, out)
  writeBin(as.integer(factor(item)) - 1L, out)
  writeBin(as.double(score), out)
  close(out)
  quit(save = "no")
}

data <- file(asked[2], "rb")
n <- readBin(data, "integer", 1L)
rater <- readBin(data, "integer", n)
item <- readBin(data, "integer", n)
score <- readBin(data, "double", n)
close(data)
d <- data.frame(score, rater = factor(rater), item = factor(item))

fitted_by <- function(control, start = NULL)
  suppressWarnings(suppressMessages(lmer(score ~ 1 + (1 | item) + (1 | rater), d, REML = TRUE, control = control, start = start)))

tell <- function(name, values) cat(name, sprintf("%.17g", as.double(values)), "\n")
if (asked[3] == "default") {
  for (turn in seq_len(as.integer(asked[4]))) {
    gc(FALSE)
    took <- system.time(m <- fitted_by(lmerControl()))
    tell("time", c(took[["elapsed"]], took[["user.self"]] + took[["sys.self"]]))
  }
} else {
  tight <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE,
    optCtrl = list(xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-12, ftol_rel = 1e-14, maxeval = 2000))
  last <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, optCtrl = list(rhobeg = 1e-4, rhoend = 1e-10, maxfun = 2000))
  m <- fitted_by(tight)
  m <- fitted_by(last, start = getME(m, "theta"))
}
v <- as.data.frame(VarCorr(m))
effects <- ranef(m, condVar = FALSE)
tell("item", v$vcov[v$grp == "item"])
tell("rater", v$vcov[v$grp == "rater"])
tell("residual", v$vcov[v$grp == "Residual"])
tell("mu", fixef(m)[[1]])
tell("criterion", REMLcrit(m))
tell("item_codes", as.integer(rownames(effects$item)))
tell("item_effects", effects$item[[1]])
tell("rater_codes", as.integer(rownames(effects$rater)))
tell("rater_effects", effects$rater[[1]])
cat("version", as.character(packageVersion("lme4")), "\n")
cat("blas", basename(extSoftVersion()[["BLAS"]]), "\n")
