package org.pgminicluster.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Certificates as the JDK reads them, which is nobody's who wrote them. */
class AuthorityTest {

    private final Authority authority = Authority.of("homework");
    private final Identity vm1 = authority.issue("vm1", List.of("engine.example", "192.0.2.7"));

    @Test
    void a_servers_certificate_is_believed_by_whoever_believes_in_its_authority_and_by_nobody_else() throws Exception {
        assertThatCode(() -> validate(vm1, authority)).doesNotThrowAnyException();

        assertThatThrownBy(() -> validate(vm1, Authority.of("homework"))).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void a_server_may_be_called_by_its_name_by_this_machines_and_by_those_that_were_said() throws Exception {
        X509Certificate certificate = read(vm1.certificate());

        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=vm1");
        assertThat(certificate.getIssuerX500Principal().getName()).isEqualTo("CN=pg-minicluster homework");
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> name.get(0) + " " + name.get(1))
                .containsExactly(
                        "2 vm1", "2 localhost", "7 127.0.0.1", "7 0:0:0:0:0:0:0:1", "2 engine.example", "7 192.0.2.7");
    }

    @Test
    void a_server_may_prove_itself_and_sign_nobody_else() throws Exception {
        X509Certificate certificate = read(vm1.certificate());

        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
        assertThat(certificate.getKeyUsage()).startsWith(true).containsOnlyOnce(true);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getCriticalExtensionOIDs()).isEqualTo(Set.of("2.5.29.15", "2.5.29.19"));
        X509Certificate root = read(authority.certificate());
        assertThat(root.getBasicConstraints()).as("an authority").isGreaterThanOrEqualTo(0);
        assertThat(root.getKeyUsage()[5]).as("signs certificates").isTrue();
        root.verify(root.getPublicKey());
    }

    @Test
    void the_key_belongs_to_the_certificate_and_is_in_no_text_that_might_be_printed() throws Exception {
        X509Certificate certificate = read(vm1.certificate());
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content(vm1.key())));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());

        assertThat(signature.verify(signed)).isTrue();
        assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().toString())
                .contains("secp256r1");
        assertThat(vm1.toString()).isEqualTo(vm1.certificate()).doesNotContain("PRIVATE KEY");
        assertThat(authority).hasToString("pg-minicluster homework");
    }

    @Test
    void it_was_valid_yesterday_and_will_be_in_a_month() throws Exception {
        Instant now = Instant.now();

        for (String certificate : List.of(authority.certificate(), vm1.certificate())) {
            X509Certificate read = read(certificate);
            assertThat(read.getNotBefore()).isBefore(now.minus(Duration.ofHours(23)));
            assertThat(read.getNotAfter()).isAfter(now.plus(Duration.ofDays(30)));
        }
    }

    @Test
    void no_two_certificates_have_the_same_number() throws Exception {
        assertThat(read(vm1.certificate()).getSerialNumber())
                .isPositive()
                .isNotEqualTo(
                        read(authority.issue("vm1", List.of()).certificate()).getSerialNumber());
    }

    /** What a cluster is called may be longer than a name in a certificate, and in any script. */
    @Test
    void an_authority_may_have_any_name() throws Exception {
        Authority odd = Authority.of("кластер, \"O=x\" " + "x".repeat(200));

        assertThatCode(() -> validate(odd.issue("vm1", List.of()), odd)).doesNotThrowAnyException();
        assertThat(read(odd.certificate()).getSubjectX500Principal().getName()).hasSizeGreaterThan(64);
    }

    private static void validate(Identity identity, Authority believed) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(read(believed.certificate()), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(factory.generateCertPath(List.of(read(identity.certificate()))), parameters);
    }

    private static X509Certificate read(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] content(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
