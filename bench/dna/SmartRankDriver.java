import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;

import nl.minvenj.nfi.smartrank.domain.Allele;
import nl.minvenj.nfi.smartrank.domain.AnalysisParameters;
import nl.minvenj.nfi.smartrank.domain.DNADatabase;
import nl.minvenj.nfi.smartrank.domain.DefenseHypothesis;
import nl.minvenj.nfi.smartrank.domain.LikelihoodRatio;
import nl.minvenj.nfi.smartrank.domain.Locus;
import nl.minvenj.nfi.smartrank.domain.LocusLikelihoods;
import nl.minvenj.nfi.smartrank.domain.PopulationStatistics;
import nl.minvenj.nfi.smartrank.domain.ProsecutionHypothesis;
import nl.minvenj.nfi.smartrank.domain.Sample;
import nl.minvenj.nfi.smartrank.io.databases.DatabaseValidationEventListener;
import nl.minvenj.nfi.smartrank.io.statistics.defaultcsv.DefaultStatisticsReader;
import nl.minvenj.nfi.smartrank.messages.data.AnalysisParametersMessage;
import nl.minvenj.nfi.smartrank.messages.data.EnabledLociMessage;
import nl.minvenj.nfi.smartrank.messages.data.ProsecutionHypothesisMessage;
import nl.minvenj.nfi.smartrank.model.smartrank.SmartRankModel;
import nl.minvenj.nfi.smartrank.raven.messages.MessageBus;

/**
 * Ranks a database with SmartRank's own reader and model, as its search does, without its windows, log and report.
 *
 * SmartRank itself is no part of this project; its classes are named on the class path. Arguments: database, trace and
 * frequency files, contributors, drop-out, drop-in, theta, and whether under the first
 * proposition alleles the trace does not show are left out ("Q designation shutdown", its own default). Prints the seconds of checking the database, of ranking from
 * the file, and of the model alone over profiles in memory, then each profile with the log10 of its ratio.
 */
public final class SmartRankDriver {
    public static void main(final String[] args) throws Exception {
        final List<Sample> trace = List.of(trace(Path.of(args[1])));
        final PopulationStatistics stats = new DefaultStatisticsReader(args[2]).getStatistics();
        final int contributors = Integer.parseInt(args[3]);
        final double dropout = Double.parseDouble(args[4]), dropin = Double.parseDouble(args[5]);
        final double theta = Double.parseDouble(args[6]);
        final List<String> loci = new ArrayList<>();
        trace.get(0).getLoci().forEach(each -> loci.add(each.getName()));
        final AnalysisParameters parameters = new AnalysisParameters();
        parameters.setEnabledCrimesceneProfiles(trace);
        parameters.setCalculateHdOnce(true);
        parameters.setProperties(new Properties());
        final ProsecutionHypothesis hp = new ProsecutionHypothesis();
        hp.setCandidateDropout(dropout);
        hp.setUnknownCount(contributors - 1);
        hp.setQDesignationShutdown(Boolean.parseBoolean(args[7]));
        final DefenseHypothesis hd = new DefenseHypothesis();
        hd.setUnknownCount(contributors);
        for (final var each : List.of(hp, hd)) {
            each.setUnknownDropoutProbability(dropout);
            each.setDropInProbability(dropin);
            each.setThetaCorrection(theta);
            each.setStatistics(stats);
        }
        final MessageBus bus = MessageBus.getInstance();
        bus.send("driver", new EnabledLociMessage(loci));
        bus.send("driver", new AnalysisParametersMessage(parameters));
        bus.send("driver", new ProsecutionHypothesisMessage(hp));
        bus.waitIdle(1000);
        final DNADatabase db = new DNADatabase(new File(args[0]));
        long begun = System.nanoTime();
        db.validate(new DatabaseValidationEventListener() {
            @Override
            public void onProblem(final String profile, final String locus, final String what) {
                System.err.println(profile + " " + locus + " " + what);
            }

            @Override
            public void onProgress(final long current, final long maximum) {
            }
        });
        tell("checked", begun);
        begun = System.nanoTime();
        final SmartRankModel model = new SmartRankModel();
        final LocusLikelihoods under = model.calculateLikelihood(hd, parameters);
        model.reset();
        final List<Sample> all = new ArrayList<>();
        final List<LikelihoodRatio> found = new ArrayList<>();
        for (final Iterator<Sample> each = db.iterator(new Properties()); each.hasNext();) {
            all.add(each.next());
            found.add(ratio(model, hp, all.get(all.size() - 1), parameters, under));
        }
        tell("ranked", begun);
        begun = System.nanoTime();
        for (final Sample each : all) {
            ratio(model, hp, each, parameters, under);
        }
        tell("model", begun);
        found.sort((a, b) -> b.compareTo(a));
        for (final LikelihoodRatio each : found) {
            final double value = each.getOverallRatio().getRatio();
            System.out.println(each.getProfile().getName() + " " + Math.log10(value));
        }
        System.exit(0);
    }

    private static LikelihoodRatio ratio(final SmartRankModel model, final ProsecutionHypothesis hp, final Sample person,
            final AnalysisParameters parameters, final LocusLikelihoods under) throws InterruptedException {
        hp.setCandidate(person);
        final LocusLikelihoods found = model.calculateLikelihood(hp, parameters);
        model.reset();
        return new LikelihoodRatio(person, found, under);
    }

    private static Sample trace(final Path path) throws IOException {
        final Sample found = new Sample("trace", path.toString());
        for (final String line : Files.readAllLines(path)) {
            final String[] fields = line.split(",");
            final Locus locus = new Locus(fields[0]);
            for (int at = 1; at < fields.length; at++) {
                locus.addAllele(new Allele(fields[at]));
            }
            found.addLocus(locus);
        }
        return found;
    }

    private static void tell(final String what, final long begun) {
        System.out.println("# " + what + " " + (System.nanoTime() - begun) / 1e9);
    }
}
