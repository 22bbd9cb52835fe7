package org.pgminicluster.session;

import java.util.List;
import org.apiguardian.api.API;

/**
 * What came of statements that were sent at once.
 *
 * @param each of each statement, in their order
 * @param notices what the server said meanwhile, in its order
 */
@API(status = API.Status.MAINTAINED)
public record SqlResults(List<SqlResult> each, List<SqlNotice> notices) {

    public SqlResults {
        each = List.copyOf(each);
        notices = List.copyOf(notices);
    }
}
