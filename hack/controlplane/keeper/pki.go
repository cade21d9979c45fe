package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A development control plane lives for minutes; a soak run for days.
const validity = 30 * 24 * time.Hour

// pki writes the keys and certificates of one control plane: `pki DIRECTORY`.
//
//   - ca: signs the server certificates and the clients
//   - apiserver: serving certificate of kube-apiserver
//   - serving: a serving certificate for localhost, for servers that a test puts beside it
//   - front-proxy-ca, front-proxy: what aggregated API servers trust; its own authority, because a client
//     certificate of the ordinary one must not be able to claim any user name by header
//   - sa: signs service account tokens
//   - admin, kube-controller-manager, kube-scheduler, kwok: clients
func pki(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: keeper pki DIRECTORY")
	}
	directory := args[0]
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	ca, err := newAuthority(directory, "ca")
	if err != nil {
		return err
	}
	frontProxy, err := newAuthority(directory, "front-proxy-ca")
	if err != nil {
		return err
	}
	localhost := []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	issued := []struct {
		by      *authority
		file    string
		subject pkix.Name
		dns     []string
	}{
		{ca, "apiserver", pkix.Name{CommonName: "kube-apiserver"}, localhost},
		{ca, "serving", pkix.Name{CommonName: "localhost"}, localhost},
		{frontProxy, "front-proxy", pkix.Name{CommonName: "front-proxy"}, nil},
		{ca, "admin", pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}, nil},
		{ca, "kube-controller-manager", pkix.Name{CommonName: "system:kube-controller-manager"}, nil},
		{ca, "kube-scheduler", pkix.Name{CommonName: "system:kube-scheduler"}, nil},
		{ca, "kwok", pkix.Name{CommonName: "kwok", Organization: []string{"system:masters"}}, nil},
	}
	for _, one := range issued {
		if err := one.by.issue(directory, one.file, one.subject, one.dns); err != nil {
			return err
		}
	}
	return serviceAccountKey(directory)
}

type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func newAuthority(directory, name string) (*authority, error) {
	key, err := newKey(directory, name)
	if err != nil {
		return nil, err
	}
	template := certificate(pkix.Name{CommonName: name})
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{parsed, key}, write(directory, name+".crt", "CERTIFICATE", der)
}

// issue makes a serving certificate when names are given, a client certificate otherwise.
func (a *authority) issue(directory, name string, subject pkix.Name, dns []string) error {
	key, err := newKey(directory, name)
	if err != nil {
		return err
	}
	template := certificate(subject)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if dns != nil {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		template.DNSNames = dns
		// 10.0.0.1 is the first address of the service range, where pods would find the API server.
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	return write(directory, name+".crt", "CERTIFICATE", der)
}

func certificate(subject pkix.Name) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic(err) // the system's random source failed: nothing sensible can follow
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(validity),
	}
}

func newKey(directory, name string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, write(directory, name+".key", "EC PRIVATE KEY", der)
}

func serviceAccountKey(directory string) error {
	key, err := newKey(directory, "sa")
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return write(directory, "sa.pub", "PUBLIC KEY", der)
}

func write(directory, name, kind string, der []byte) error {
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	return os.WriteFile(filepath.Join(directory, name), block, 0o600)
}
