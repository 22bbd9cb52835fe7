package org.pgminicluster.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.RecoveryState;
import org.pgminicluster.topology.TableName;

/** What is said of what was read, without a server. */
class SeenHomeworkTest {

    private static final String TO_VM1 = "host=10.0.0.1 port=5432 dbname=rep user=postgres";
    private static final String TO_VM2 = "host=10.0.0.2 port=5432 dbname=rep user=postgres";
    private static final TableName MINE = new TableName("public", "mine");
    private static final TableName YOURS = new TableName("public", "yours");

    private static Surveys vm1() {
        return Surveys.vm(1)
                .tables("yours")
                .guarded("mine")
                .publishes("p", "yours")
                .slot("a", true)
                .slot("c", true)
                .subscribes("b", TO_VM2, "p", 11, "mine");
    }

    private static Surveys vm2() {
        return Surveys.vm(2)
                .tables("mine")
                .guarded("yours")
                .publishes("p", "mine")
                .slot("b", true)
                .slot("d", true)
                .subscribes("a", TO_VM1, "p", 12, "yours");
    }

    private static Surveys vm3() {
        return Surveys.vm(3)
                .tables("mine", "yours")
                .subscribes("c", TO_VM1, "p", 13, "yours")
                .subscribes("d", TO_VM2, "p", 14, "mine");
    }

    private static SeenHomework homework(Surveys vm1, Surveys vm2, Surveys vm3) {
        return homework(vm1, vm2, vm3, null);
    }

    private static SeenHomework homework(Surveys vm1, Surveys vm2, Surveys vm3, @Nullable Surveys vm4) {
        return new SeenHomework(List.of(vm1.read(), vm2.read(), vm3.read()), vm4 == null ? null : vm4.read(), Map.of());
    }

    private static List<String> found(SeenHomework homework, Judgement verdict) {
        return HomeworkCheck.judged(homework, new Evidence(true)).stream()
                .flatMap(point -> point.findings().stream())
                .filter(finding -> finding.verdict() == verdict)
                .map(Finding::id)
                .toList();
    }

    @Test
    void which_table_is_written_where_is_seen_by_what_is_published() {
        SeenHomework homework = homework(vm1(), vm2(), vm3());

        assertThat(homework.first().map(SeenHomework.Shared::name)).isEqualTo(Optional.of(YOURS));
        assertThat(homework.second().map(SeenHomework.Shared::name)).isEqualTo(Optional.of(MINE));
        assertThat(found(homework, Judgement.WRONG)).isEmpty();
        assertThat(found(homework, Judgement.NOT_YET)).containsExactly("standby-none");
    }

    @Test
    void before_anything_is_published_guards_tell_it_and_then_names() {
        SeenHomework guarded = homework(
                Surveys.vm(1).tables("yours").guarded("mine"),
                Surveys.vm(2).tables("mine").guarded("yours"),
                Surveys.vm(3).tables("mine", "yours"));
        SeenHomework bare =
                homework(Surveys.vm(1).tables("mine", "yours"), Surveys.vm(2).tables("mine", "yours"), Surveys.vm(3));

        assertThat(guarded.shared()).extracting(SeenHomework.Shared::name).containsExactly(YOURS, MINE);
        assertThat(bare.shared()).extracting(SeenHomework.Shared::name).containsExactly(MINE, YOURS);
    }

    @Test
    void localhost_leads_a_machine_to_itself() {
        Surveys lost = Surveys.vm(3)
                .tables("mine", "yours")
                .subscribes("c", "host=localhost port=5432 user=postgres", "p", null)
                .subscribes("d", TO_VM2, "p", 14, "mine");
        Surveys publisher = Surveys.vm(1)
                .tables("yours")
                .guarded("mine")
                .publishes("p", "yours")
                .slot("a", true)
                .subscribes("b", TO_VM2, "p", 11, "mine");

        assertThat(found(homework(publisher, vm2(), lost), Judgement.WRONG)).containsExactly("unreachable");
    }

    @Test
    void on_one_machine_localhost_is_an_address_like_any_other() {
        String port = "host=localhost port=5432 user=postgres";
        Surveys vm3 = Surveys.vm(3)
                .onHost("127.0.0.1")
                .tables("mine", "yours")
                .subscribes("c", port, "p", 13, "yours")
                .subscribes("d", port, "p", 14, "mine");

        assertThat(found(homework(vm1().onHost("127.0.0.1"), vm2().onHost("127.0.0.1"), vm3), Judgement.WRONG))
                .isEmpty();
    }

    @Test
    void a_subscription_to_itself_is_told() {
        Surveys itself = vm2();
        Surveys circle = Surveys.vm(2)
                .tables("mine")
                .guarded("yours")
                .publishes("p", "mine")
                .slot("b", true)
                .slot("d", true)
                .slot("a", true)
                .subscribes("a", TO_VM2, "p", 12, "mine");

        assertThat(found(homework(vm1(), itself, vm3()), Judgement.WRONG)).isEmpty();
        assertThat(found(homework(vm1(), circle, vm3()), Judgement.WRONG)).contains("subscribes-to-itself");
    }

    @Test
    void two_subscriptions_of_one_slot_are_told() {
        Surveys clash = Surveys.vm(3)
                .tables("mine", "yours")
                .subscribes("a", TO_VM1, "p", 13, "yours")
                .subscribes("d", TO_VM2, "p", 14, "mine");

        assertThat(found(homework(vm1(), vm2(), clash), Judgement.WRONG)).contains("slot-name-clash");
    }

    @Test
    void rights_that_a_role_lacks_are_named() {
        Surveys unable = vm1().role(new RoleFacts("reader", false, false, List.of()));
        Surveys unread = vm1().role(new RoleFacts("reader", false, true, List.of(YOURS)));
        Surveys subscriber = Surveys.vm(3)
                .tables("mine", "yours")
                .subscribes("c", TO_VM1.replace("postgres", "reader"), "p", null, "yours")
                .subscribes("d", TO_VM2, "p", 14, "mine");

        assertThat(found(homework(unable, vm2(), subscriber), Judgement.WRONG)).containsExactly("not-replication-role");
        assertThat(found(homework(unread, vm2(), subscriber), Judgement.WRONG)).containsExactly("no-select");
    }

    @Test
    void a_level_that_waits_for_a_restart_is_not_one_that_nobody_has_set() {
        assertThat(found(homework(vm1().walLevel("replica", "logical"), vm2(), vm3()), Judgement.WRONG))
                .containsExactly("wal-level-not-restarted");
        assertThat(found(homework(vm1().walLevel("replica", "replica"), vm2(), vm3()), Judgement.NOT_YET))
                .contains("wal-level");
    }

    @Test
    void a_standby_follows_or_says_why_not() {
        RecoveryState follows = new RecoveryState("vm4", "", "streaming", new Lsn(9), new Lsn(9), null);
        RecoveryState waits = new RecoveryState("", "", "not connected", new Lsn(9), new Lsn(9), null);

        assertThat(standby(Surveys.vm(4).copyOf("server 3", waits)))
                .containsExactly("standby-not-streaming", "standby-slotless");
        assertThat(standby(Surveys.vm(4).copyOf("server 3", null))).containsExactly("standby-promoted");
        assertThat(standby(Surveys.vm(4).copyOf("server 4", null))).containsExactly("standby-no-copy");
        assertThat(standby(Surveys.vm(4).copyOf("server 1", follows))).containsExactly("standby-of-other");
        assertThat(standby(Surveys.vm(4).copyOf("server 3", follows))).containsExactly("standby-behind");
    }

    @Test
    void a_server_from_the_template_of_all_others_is_no_standby_that_was_promoted() {
        SeenHomework homework = homework(
                vm1().copyOf("template", null),
                vm2().copyOf("template", null),
                vm3().copyOf("template", null),
                Surveys.vm(4).copyOf("template", null));

        assertThat(CopyPoints.standby(homework, new Evidence(true)).get(0).findings())
                .extracting(Finding::id)
                .containsExactly("standby-no-copy");
    }

    private static List<String> standby(Surveys vm4) {
        SeenHomework homework = homework(vm1(), vm2(), vm3(), vm4);
        return CopyPoints.standby(homework, new Evidence(true)).get(0).findings().stream()
                .map(Finding::id)
                .toList();
    }

    @Test
    void slots_and_publications_tell_who_publishes_where_connection_strings_may_not_be_seen() {
        Surveys vm3 = Surveys.vm(3)
                .customer()
                .tables("mine", "yours")
                .subscribes("c", "", "p", 13, "yours")
                .subscribes("d", "", "p", 14, "mine");
        SeenHomework homework = homework(vm1(), vm2(), vm3);

        assertThat(found(homework, Judgement.REMARK)).contains("right-superuser", "right-monitor");
        assertThat(homework.linksOf(homework.vm3()))
                .extracting(link ->
                        link.publisher() == null ? "?" : link.publisher().node())
                .containsExactly("vm1", "vm2");
    }

    @Test
    void who_has_much_to_catch_up_with_is_not_wrong_yet() {
        Surveys busy = Surveys.vm(1)
                .tables("yours")
                .guarded("mine")
                .publishes("p", "yours")
                .slot("a", true)
                .slot("c", true, new Lsn(1 << 20))
                .subscribes("b", TO_VM2, "p", 11, "mine");

        assertThat(missing(homework(busy, vm2(), vm3()))).containsExactly("before-behind");
        assertThat(missing(homework(vm1(), vm2(), vm3()))).containsExactly("rows-missing");
    }

    /** What is said when vm3 has fewer rows than vm1. */
    private static List<String> missing(SeenHomework homework) {
        Evidence evidence = new Evidence(true);
        evidence.comparison(homework.vm2(), YOURS, new RowComparison(5, 0, 0, true));
        evidence.comparison(homework.vm3(), YOURS, new RowComparison(5, 2, 0, true));
        return RowPoints.before(homework, evidence).get(0).findings().stream()
                .filter(finding -> finding.verdict() != Judgement.DONE)
                .map(Finding::id)
                .toList();
    }
}
